"""What anyone may learn is written here, by orders and cards, in the transaction of the change."""

from datetime import date, datetime

from cards.public_check.models import Entry, KindName
from cards.public_check.rules import shown_company
from hmskort.common import clock
from hmskort.common.ranges import DateRanges
from hmskort.common.transactions import inside_transaction


@inside_transaction
def announce(
    *, reference: str, kind_code: str, company_name: str, orgnr: str, form: str, ordered_on: date
) -> None:
    """The reference answers *under order*. One that has become a card answers as the card does."""
    if Entry.objects.filter(number=reference).exclude(same_as="").exists():
        return
    name, number = shown_company(company_name, orgnr, form)
    Entry.objects.update_or_create(
        number=reference,
        defaults={
            "state": Entry.State.ORDERED,
            "kind_code": kind_code,
            "company_name": name,
            "orgnr": number,
            "ordered_on": ordered_on,
            "valid_on": DateRanges.never(),
            "as_of": clock.now(),
        },
    )


@inside_transaction
def withdraw(*, reference: str) -> None:
    """The reference no longer answers *under order*: it never became a card."""
    Entry.objects.filter(number=reference, same_as="").update(
        state=Entry.State.WITHDRAWN, as_of=clock.now()
    )


@inside_transaction
def publish(  # noqa: PLR0913 - all that may be known, by name
    *,
    number: str,
    state: Entry.State,
    kind_code: str,
    company_name: str,
    orgnr: str,
    form: str,
    ordered_on: date,
    expires_on: date,
    valid_on: DateRanges,
    as_of: datetime,
    reference: str = "",
) -> None:
    """The card number answers as the card stands now; so does the reference that it came from."""
    shown_name, shown_orgnr = shown_company(company_name, orgnr, form)
    shown = {
        "state": state,
        "kind_code": kind_code,
        "company_name": shown_name,
        "orgnr": shown_orgnr,
        "ordered_on": ordered_on,
        "expires_on": expires_on,
        "valid_on": valid_on,
        "as_of": as_of,
    }
    Entry.objects.update_or_create(number=number, defaults=shown)
    if reference:
        Entry.objects.update_or_create(number=reference, defaults={**shown, "same_as": number})
    Entry.objects.filter(same_as=number).update(**shown)


@inside_transaction
def name_kind(*, code: str, name_nb: str, name_nn: str, name_en: str) -> None:
    """Cards of the kind are told of by these names."""
    names = {"name_nb": name_nb, "name_nn": name_nn, "name_en": name_en}
    KindName.objects.update_or_create(code=code, defaults=names)


# Two parts, because the one index is by number and the other by what a reference became.
PUBLISHED = """shown AS (
    UPDATE public_check_entry e SET valid_on = r.valid_on, as_of = %(at)s
    FROM {rows} r WHERE e.number = r.number
), shown_by_reference AS (
    UPDATE public_check_entry e SET valid_on = r.valid_on, as_of = %(at)s
    FROM {rows} r WHERE e.same_as = r.number AND e.same_as <> ''
)"""


def published(rows: str) -> str:
    """Parts of a statement after which many numbers answer by other days, and by nothing else new.

    rows: a relation of that statement with number and valid_on; `at` is its parameter.
    """
    return PUBLISHED.format(rows=rows)
