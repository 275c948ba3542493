"""The kinds of exemption there are from the start."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from registers.exemptions.kinds import make_exemption_kinds


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    make_exemption_kinds(apps.get_model("exemptions", "ExemptionKind"))


class Migration(migrations.Migration):
    dependencies = [("exemptions", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
