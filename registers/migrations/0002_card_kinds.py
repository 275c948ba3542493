"""The card kinds there are from the start."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from registers.kinds import make_kinds


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    make_kinds(
        apps.get_model("registers", "CardKind"), apps.get_model("registers", "KindRequirement")
    )


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
