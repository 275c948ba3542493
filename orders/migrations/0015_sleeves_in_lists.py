"""The list of orders knows of sleeves: an order's sum, and a cart that holds nothing else.

What the database works out anew cannot be changed in place, so it is taken out and put back, with
the indexes that rest on it.
"""

from django.db import migrations, models
from django.db.models import Case, F, Q, Value, When

LISTS = {
    "order_by_date": ["orgnr", "dated_at", "id"],
    "order_by_standing": ["orgnr", "standing", "dated_at", "id"],
    "order_by_kind": ["orgnr", "kind", "dated_at", "id"],
    "order_by_unit": ["orgnr", "by_unit", "dated_at", "id"],
    "order_by_orderer": ["orgnr", "by_orderer", "dated_at", "id"],
    "order_by_people": ["orgnr", "people", "dated_at", "id"],
    "order_by_total": ["orgnr", "total_ore", "dated_at", "id"],
    "order_by_reference": ["orgnr", "reference", "id"],
    "order_of_orderer": ["orderer", "orgnr", "dated_at", "id"],
}
BESIDE = {"order_by_date": ("standing", "kind", "unit_orgnr", "source", "orderer", "method")}
COUNTED = """UPDATE orders_order o SET sleeves_shown = quantity,
    sleeves_ore = quantity * (price_net_ore + price_vat_ore) + s.postage_net_ore + s.postage_vat_ore
FROM delivery_sleeves s WHERE s.order_id = o.id AND s.state IN ('draft', 'waiting', 'sent')"""
STANDING = Case(
    When(Q(("people__gt", 0), ("sleeves_shown__gt", 0), _connector="OR"), state="cart", then=Value(2)),
    When(state="paying", then=Value(3)),
    When(refused__gt=0, state="submitted", then=Value(1)),
    When(state="submitted", waiting__gt=0, then=Value(4)),
    When(state="submitted", then=Value(5)),
    When(state="completed", then=Value(6)),
    default=Value(7),
)
TOTAL = Case(
    When(people=0, then=F("sleeves_ore")),
    default=F("cards_ore") + (F("postage_net_ore") + F("postage_vat_ore")) + F("sleeves_ore"),
    output_field=models.PositiveIntegerField(),
)


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_staff_standings"), ("delivery", "0002_sleeves")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="sleeves_shown",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="order",
            name="sleeves_ore",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        *(migrations.RemoveIndex("order", name) for name in LISTS),
        migrations.RemoveField("order", "standing"),
        migrations.RemoveField("order", "total_ore"),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="order",
            name="total_ore",
            field=models.GeneratedField(
                expression=TOTAL, output_field=models.PositiveIntegerField(), db_persist=True
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="standing",
            field=models.GeneratedField(
                expression=STANDING, output_field=models.PositiveSmallIntegerField(), db_persist=True
            ),
        ),
        *(
            migrations.AddIndex(
                "order",
                models.Index(
                    fields=fields,
                    name=name,
                    condition=Q(("standing__lt", 7)),
                    include=BESIDE.get(name, ()),
                ),
            )
            for name, fields in LISTS.items()
        ),
    ]
