"""Names are shown where the company knows them; those that were shown before stay so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_following")]

    operations = [
        migrations.AddField(
            model_name="line",
            name="name_known",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="line",
            name="name_known",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="line",
            name="stated_surname",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
    ]
