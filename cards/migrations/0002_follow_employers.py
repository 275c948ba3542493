"""Employers whose people have cards already are read again from now on."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max


def follow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    cards, employers = apps.get_model("cards", "Card"), apps.get_model("registers", "Employer")
    last_days = cards.objects.order_by().values("orgnr").annotate(last=Max("expires_on"))
    employers.objects.bulk_create(
        (employers(orgnr=row["orgnr"], until_on=row["last"]) for row in last_days.iterator()),
        batch_size=1000,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("cards", "0001_initial"), ("registers", "0004_facts")]
    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
