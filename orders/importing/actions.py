"""A list is sent in, asked about, mended, put in the cart and thrown away."""

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast

from hmskort.accounts.models import User
from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.dated import in_force
from hmskort.common.sealed import seal
from hmskort.common.services import ServiceError
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders.actions.adding import put_in
from orders.actions.cart import locked_cart
from orders.actions.staff import judge_anew_later
from orders.actions.surnames import tell_of_surnames
from orders.importing import rules, verdicts
from orders.importing.columns import Entry
from orders.importing.models import Import, Row
from orders.models import Line, Order
from orders.people.second_card import cards_to_follow
from orders.staff.asking import first_questions, questions
from registers import lookups, national_id, units
from registers import staff as register
from registers.models import CardKind, Company, Lookup, Person
from registers.national_id import InvalidNationalId
from registers.persons import people_for
from registers.requirements.judge import questions_for

log = logging.getLogger(__name__)
AT_ONCE = 100  # people, in one transaction


@owns_transaction
def send_in(
    *,
    orgnr: str,
    kind: CardKind,
    entries: Sequence[Entry],
    file_name: str,
    user: User,
    actor: Actor,
) -> Import:
    """The list is stored, and the registers are being asked about everybody on it."""
    batch = Import.objects.create(orgnr=orgnr, kind=kind, sent_by=user, file_name=file_name[:100])
    people = _people([entry.number for entry in entries])
    Row.objects.bulk_create(
        Row(
            batch=batch,
            place=entry.line,
            sealed=seal(entry.number),
            person=people.get(entry.number),
            surname=entry.surname[:200],
            unit=entry.unit[:200],
        )
        for entry in entries
    )
    record("import:sent", actor=actor, subject=batch, orgnr=orgnr, rows=len(entries))
    tried = [people[entry.number] for entry in entries if entry.surname and entry.number in people]
    tell_of_surnames(tried, orgnr, actor)
    units.ask(orgnr)
    _ask(batch, list(people.values()))
    return batch


@owns_transaction
def mend(*, batch: Import, changes: Mapping[int, Entry], actor: Actor) -> int:
    """The cells say what they were changed to; how many rows that was.

    changes: by the row's id. An empty number leaves the one that was typed.
    """
    rows = batch.rows.select_for_update().filter(pk__in=changes, line=None)
    found = list(rows.order_by("pk"))
    named = {row.pk: (row.typed, row.surname) for row in found}
    changed = [row for row in found if _changed(row, changes[row.pk])]
    people = _people([row.typed for row in changed])
    for row in changed:
        row.person = people.get(row.typed)
    Row.objects.bulk_update(changed, ["sealed", "person", "surname", "unit"])
    if changed:
        record("import:mended", actor=actor, subject=batch, orgnr=batch.orgnr, rows=len(changed))
        again = [row for row in changed if named[row.pk] != (row.typed, row.surname)]
        tried = [row.person for row in again if row.person and row.surname]
        tell_of_surnames(tried, batch.orgnr, actor)
        _ask(batch, list(people.values()))
    return len(changed)


def _changed(row: Row, told: Entry) -> bool:
    number = told.number or row.typed
    before = (row.typed, row.surname, row.unit)
    if (number, told.surname, told.unit) == before:
        return False
    row.sealed, row.surname, row.unit = seal(number), told.surname, told.unit
    return True


@owns_transaction
def ask_again(*, batch: Import, actor: Actor) -> None:
    """Every register is being asked once more about those who are not in a cart yet."""
    people = [row.person for row in batch.rows.filter(line=None).select_related("person")]
    _ask(batch, [person for person in people if person])


def read(*, batch: Import) -> None:
    """Who is employed in the company is known, once for the whole list. Safe to run twice.

    Raises:
        TryLater: Aa-registeret gave no answer; the page says so meanwhile.
    """
    if not batch.reading:
        return
    try:
        at = register.read(batch.orgnr)
    except ServiceError as trouble:
        log.warning("aaregisteret cannot be read: %s", trouble.what)
        Import.objects.filter(pk=batch.pk).update(trouble=trouble.what[:200])
        raise outbox.TryLater(trouble.what) from None
    judge_anew_later(orgnr=batch.orgnr)  # the list of employees rests on the same reading
    Import.objects.filter(pk=batch.pk).update(read_at=at, trouble="")


@owns_transaction
def ask_more(*, subjects: Sequence[str]) -> None:
    """What the answers show to be needed besides is being asked, once all have been tried.

    subjects: orgnrs or ids of people, of whom a register has told.
    """
    since = clock.now() - in_force(rules.KEPT_FOR, clock.today()).value
    recent = Import.objects.filter(sent_at__gt=since)
    orgnrs = [each for each in subjects if each.isdigit()]
    people = [UUID(each) for each in subjects if not each.isdigit()]
    rows = Row.objects.filter(person__in=people, batch__in=recent, line=None)
    concerned = set(rows.values_list("batch", flat=True))
    concerned |= set(recent.filter(orgnr__in=orgnrs).values_list("pk", flat=True))
    for batch in Import.objects.select_for_update(of=("self",)).filter(pk__in=concerned):
        _ask_more(batch)


@inside_transaction
def _ask_more(batch: Import) -> None:
    waiting = batch.rows.filter(line=None).exclude(person=None)
    subjects = waiting.annotate(subject=Cast("person", CharField())).values("subject")
    untried = Lookup.objects.filter(source="folkeregisteret", attempts=0, subject__in=subjects)
    if untried.exclude(due_at=None).exists():
        return
    people = list(waiting.values_list("person", flat=True).distinct())
    answers = first_questions(batch.orgnr, people).exclude(answered_at=None).count()
    if answers == batch.answers:
        return
    Import.objects.filter(pk=batch.pk).update(answers=answers)
    more = questions(batch, people)
    lookups.want(more, not_older_than=batch.asked_at - lookups.FRESH_ENOUGH)


def take_in(*, batch: Import, order: Order, actor: Actor) -> int:
    """Everybody whose row is ready is in the cart; how many. The others stay to be mended.

    Raises:
        CannotOrder: the order is no longer a cart.
    """
    rows = verdicts.ready(batch)
    taken = 0
    for first in range(0, len(rows), AT_ONCE):
        taken += _take_in(batch, order, rows[first : first + AT_ONCE], actor)
    return taken


@owns_transaction
def _take_in(batch: Import, order: Order, rows: Sequence[Row], actor: Actor) -> int:
    cart = locked_cart(order)
    keys = [row.pk for row in rows]
    locked = batch.rows.select_for_update(of=("self",)).select_related("person")
    still = list(locked.filter(pk__in=keys, line=None).order_by("place"))
    people = [row.person for row in still if row.person]
    if not people:
        return 0  # a colleague was faster
    most = Line._meta.get_field("stated_surname").max_length  # noqa: SLF001 - its public interface
    surnames = {row.person_id: row.surname[:most] for row in still if row.person_id and row.surname}
    instead = cards_to_follow(people, cart.orgnr)
    lines = put_in(cart, people, instead, actor, surnames)
    by_person: dict[UUID, Line] = {line.person_id: line for line in lines}
    for row in still:
        row.line, row.sealed = by_person[row.person_id], ""  # type: ignore[index]
    Row.objects.bulk_update(still, ["line", "sealed"])
    _set_unit(cart, {"".join(row.unit.split()) for row in still})
    record("import:taken_in", actor=actor, subject=batch, orgnr=batch.orgnr, rows=len(still))
    return len(lines)


def _set_unit(cart: Order, named: set[str]) -> None:
    """The cart is for the sub-unit that all of them name, unless it is for one already."""
    if cart.unit_orgnr or len(named) != 1:
        return
    unit = Company.objects.filter(pk__in=named).first()
    if unit:
        Order.objects.filter(pk=cart.pk).update(unit_orgnr=unit.orgnr, unit_name=unit.name)


@owns_transaction
def remove(*, batch: Import, row: int, actor: Actor) -> None:
    """The row is no longer in the list."""
    gone, _ = batch.rows.filter(pk=row, line=None).delete()
    if gone:
        record("import:mended", actor=actor, subject=batch, orgnr=batch.orgnr, rows=1)


@owns_transaction
def discard(*, batch: Import, actor: Actor) -> None:
    """The list is gone; who is in a cart stays there."""
    record("import:discarded", actor=actor, subject=batch, orgnr=batch.orgnr)
    batch.delete()


def purge() -> int:
    """Lists that are too old are gone, and the numbers in them; how many there were."""
    before = clock.now() - in_force(rules.KEPT_FOR, clock.today()).value
    old = list(Import.objects.filter(sent_at__lt=before)[:200])
    for batch in old:
        discard(batch=batch, actor=SYSTEM)
    return len(old)


def _people(typed: Sequence[str]) -> dict[str, Person]:
    """The person of each number that can be one, by what was typed."""
    numbers = {}
    for text in typed:
        try:
            numbers[text] = national_id.validate(text)
        except InvalidNationalId:
            continue
    people = people_for(list(numbers.values()))
    return dict(zip(numbers, people, strict=True))


@inside_transaction
def _ask(batch: Import, people: Sequence[Person]) -> None:
    """Aa-registeret is asked once who is employed, Folkeregisteret about all of them together."""
    now = clock.now()
    batch.asked_at = now
    Import.objects.filter(pk=batch.pk).update(asked_at=now, trouble="", answers=0)
    outbox.enqueue("import:wanted", key=f"{batch.pk}:{now.isoformat()}", batch=str(batch.pk))
    if people:
        first = {
            question
            for question in questions_for(list(people), batch.orgnr, batch.kind)
            if question[0] != "aaregisteret"
        }
        lookups.want(first, not_older_than=now - lookups.FRESH_ENOUGH)
