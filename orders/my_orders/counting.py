"""What the database keeps of an order by itself, so that every list of orders pages by an index.

An order counts its people, their price and who of them must be mended or waits, as its lines
change: by differences, so that two lines that change at once are both counted. It knows its
sleeves and their price. Names stand beside as they are sought and sorted. Nothing here decides
anything; the actions do.
"""

import pgtrigger

from orders.delivery.states import SLEEVES_SHOWN
from orders.states import LINE_SHOWN, LineState

KEPT = ("people", "cards_ore", "refused", "waiting")


def counted(lines: str, sign: str) -> str:
    """What each of these lines adds to its order, or takes from it. lines: a relation."""
    shown = ", ".join(f"'{state}'" for state in sorted(LINE_SHOWN))
    return f"""
        SELECT order_id, {sign}(state IN ({shown}))::int AS people,
            {sign}CASE WHEN state IN ({shown}) THEN price_net_ore + price_vat_ore ELSE 0 END
                AS cards_ore,
            {sign}(state = '{LineState.REFUSED}')::int AS refused,
            {sign}(state IN ('{LineState.AWAITING}', '{LineState.HELD}'))::int AS waiting
        FROM {lines}"""  # noqa: S608 - our own names


def _count(*parts: str) -> str:
    sums = ", ".join(f"sum({name}) AS {name}" for name in KEPT)
    sets = ", ".join(f"{name} = o.{name} + d.{name}" for name in KEPT)
    return f"""
    UPDATE orders_order o SET {sets}
    FROM (SELECT order_id, {sums} FROM ({" UNION ALL ".join(parts)}) each GROUP BY order_id) d
    WHERE o.id = d.order_id AND (d.people, d.cards_ore, d.refused, d.waiting) <> (0, 0, 0, 0);
    RETURN NULL;"""  # noqa: S608 - our own names


ADDED, TAKEN = counted("new_lines", "+"), counted("old_lines", "-")
COUNTED = [
    pgtrigger.Trigger(
        name="count_added",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_lines"),  # type: ignore[no-untyped-call]
        func=_count(ADDED),
    ),
    pgtrigger.Trigger(
        name="count_changed",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="old_lines", new="new_lines"),  # type: ignore[no-untyped-call]
        func=_count(ADDED, TAKEN),
    ),
    pgtrigger.Trigger(
        name="count_taken",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="old_lines"),  # type: ignore[no-untyped-call]
        func=_count(TAKEN),
    ),
]
_SLEEVES_SHOWN = ", ".join(f"'{state}'" for state in sorted(SLEEVES_SHOWN))
SLEEVES_COUNTED = pgtrigger.Trigger(
    name="count_sleeves",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=f"""
    IF TG_OP = 'DELETE' THEN
        UPDATE orders_order SET sleeves_shown = 0, sleeves_ore = 0 WHERE id = OLD.order_id;
    ELSIF NEW.state IN ({_SLEEVES_SHOWN}) THEN
        UPDATE orders_order SET sleeves_shown = NEW.quantity,
            sleeves_ore = NEW.quantity * (NEW.price_net_ore + NEW.price_vat_ore)
                + NEW.postage_net_ore + NEW.postage_vat_ore
        WHERE id = NEW.order_id;
    ELSE
        UPDATE orders_order SET sleeves_shown = 0, sleeves_ore = 0 WHERE id = NEW.order_id;
    END IF;
    RETURN NULL;""",  # noqa: S608 - our own names
)
NAMED = pgtrigger.Trigger(
    name="named",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("person_id"),  # type: ignore[no-untyped-call]
    func="""
    SELECT orders_folded(given_names || ' ' || surname),
        orders_folded(surname || ' ' || given_names)
    INTO NEW.by_given_name, NEW.by_surname
    FROM registers_person WHERE id = NEW.person_id;
    RETURN NEW;""",
)
ON_UPDATE = pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
    "orderer_id", "unit_name", "payment_id", "state"
)
SORTED = pgtrigger.Trigger(
    name="sorted",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | ON_UPDATE,
    func="""
    NEW.by_unit = orders_folded(NEW.unit_name);
    NEW.method = coalesce((SELECT method FROM payments_payment WHERE id = NEW.payment_id), '');
    SELECT orders_folded(name) INTO NEW.by_orderer FROM accounts_user WHERE id = NEW.orderer_id;
    RETURN NEW;""",
)
