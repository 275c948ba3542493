"""What anyone may learn of a card changes in its page: no index is touched by other days."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("public_check", "0002_kind_names")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE public_check_entry SET (fillfactor = 85)",
            "ALTER TABLE public_check_entry RESET (fillfactor)",
        )
    ]
