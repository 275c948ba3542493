from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exemptions", "0002_kinds")]

    operations = [
        migrations.AlterModelOptions(
            name="exemptionkind",
            options={
                "ordering": ["position", "code"],
                "verbose_name": "unntak",
                "verbose_name_plural": "typer unntak",
            },
        ),
    ]
