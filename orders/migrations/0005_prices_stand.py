import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_order_when_met"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="price",
            options={
                "ordering": ["item", "-since"],
                "verbose_name": "pris",
                "verbose_name_plural": "priser",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="price",
            trigger=pgtrigger.compiler.Trigger(
                name="price_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f28f312e2f4d708f2f425e8ff720081042d7d175",
                    operation="UPDATE",
                    pgid="pgtrigger_price_stands_7c73f",
                    table="orders_price",
                    when="BEFORE",
                ),
            ),
        ),
    ]
