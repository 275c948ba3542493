"""A card's row has room to change in its page: no index is touched when its validity is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cards", "0002_follow_employers")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE cards_card SET (fillfactor = 85)",
            "ALTER TABLE cards_card RESET (fillfactor)",
        )
    ]
