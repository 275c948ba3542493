"""The price list holds card sleeves."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from orders.prices import make_prices


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    make_prices(apps.get_model("orders", "Price"))


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_known_names")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
