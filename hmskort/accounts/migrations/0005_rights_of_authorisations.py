from django.db import migrations, models


def copy_rights(apps, schema_editor):
    """What was authorised before is what the access gave."""
    Authorisation = apps.get_model("accounts", "Authorisation")
    for row in Authorisation.objects.select_related("access").iterator():
        row.rights = row.access.rights
        row.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_desk_access")]

    operations = [
        migrations.AddField(
            model_name="authorisation",
            name="rights",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(copy_rights, migrations.RunPython.noop),
    ]
