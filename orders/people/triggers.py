"""What the database holds of lines that neither an index nor a key can say."""

from collections.abc import Iterable

import pgtrigger

from cards.states import USABLE
from orders.states import LINE_OPEN


def _quoted(states: Iterable[str]) -> str:
    """The states as SQL writes them."""
    return ", ".join(f"'{state}'" for state in sorted(states))


# A line that is opened beside a card in its way is refused, whoever writes it and however many do
# so at once: the person is locked as whoever issues a card locks them, and only then looked at.
NO_SECOND_CARD = pgtrigger.Trigger(
    name="no_second_card",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
    declare=[("on_day", "date"), ("was_open", "boolean")],
    func=f"""
        was_open := TG_OP = 'UPDATE' AND OLD.state IN ({_quoted(LINE_OPEN)});
        IF was_open OR NEW.state NOT IN ({_quoted(LINE_OPEN)}) THEN
            RETURN NULL;
        END IF;
        on_day := (NEW.created_at AT TIME ZONE 'Europe/Oslo')::date;
        PERFORM 1 FROM registers_person WHERE id = NEW.person_id FOR KEY SHARE;
        IF EXISTS (
            SELECT 1 FROM cards_card card
            WHERE card.person_id = NEW.person_id AND card.orgnr = NEW.orgnr AND card.current
              AND card.state IN ({_quoted(USABLE)})
              AND card.expires_on >= on_day AND card.renewable_from > on_day
              AND NOT (NEW.purpose = 'faulty' AND NEW.replaces_id = card.id)
        ) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'exclusion_violation',
                CONSTRAINT = 'no_second_card',
                MESSAGE = 'the person has a card for the company that cannot be renewed yet';
        END IF;
        RETURN NULL;
    """,  # noqa: S608 - our own states
)
