from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0006_traffic_and_periods"),
    ]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="held",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
