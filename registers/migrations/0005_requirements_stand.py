import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0004_facts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="cardkind",
            options={
                "ordering": ["code"],
                "verbose_name": "korttype",
                "verbose_name_plural": "korttyper",
            },
        ),
        migrations.AlterModelOptions(
            name="kindrequirement",
            options={
                "ordering": ["position"],
                "verbose_name": "krav",
                "verbose_name_plural": "krav",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kindrequirement",
            trigger=pgtrigger.compiler.Trigger(
                name="requirement_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind_id" IS DISTINCT FROM (NEW."kind_id") OR OLD."requirement" IS DISTINCT FROM (NEW."requirement") OR OLD."since" IS DISTINCT FROM (NEW."since") OR OLD."source" IS DISTINCT FROM (NEW."source"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ab2a56239074211f06bdbecfa2855516d5720b1e",
                    operation="UPDATE",
                    pgid="pgtrigger_requirement_stands_98af8",
                    table="registers_kindrequirement",
                    when="BEFORE",
                ),
            ),
        ),
    ]
