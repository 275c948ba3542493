"""What is done to cards. Each change, its history and its public answer are one transaction."""

from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from cards.models import Card
from cards.numbers import new_number
from cards.public_check import actions as public_check
from cards.public_check.models import Entry
from cards.rules import REPLACED_WHEN, ReplacedWhen, last_valid_day
from cards.states import ALIVE, BLOCKABLE, MOVES, BlockReason, CardState, Loss
from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.dated import in_force
from hmskort.common.ranges import DateRanges
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import MoveNotAllowed, move
from registers import employers
from registers.models import CardKind, Company, Person, Verdict
from registers.requirements.findings import Found

ATTEMPTS = 20  # with half a million cards out, one number in twenty is taken
PUBLIC = {
    CardState.ISSUED: Entry.State.ORDERED,
    CardState.PRODUCED: Entry.State.ACTIVE,
    CardState.BLOCKED: Entry.State.BLOCKED,
    CardState.LOST: Entry.State.LOST,
    CardState.SEIZED: Entry.State.SEIZED,
    CardState.SHREDDED: Entry.State.BLOCKED,
}


class NotInOrder(Exception):
    """A card was to be issued on a verdict that does not say that every requirement is met."""


class NoFreeNumber(RuntimeError):
    """Every number that was tried is taken."""


@dataclass(frozen=True)
class Former:
    """A card as the former issuer made it. number: its seven digits.

    It vouches that the requirements were met; our own registers say more when the card is judged.
    """

    number: str
    issued_on: date


@inside_transaction
def issue(  # noqa: PLR0913 - all that a card is made of
    *,
    issue_key: str,
    kind: CardKind,
    person: Person,
    company: Company,
    verdict: Verdict,
    portrait: bytes,
    signature: bytes | None,
    ordered_on: date,
    delivery: dict[str, object],
    actor: Actor,
    reference: str = "",
) -> Card:
    """The person has a card with a number; it goes to production after commit.

    Once per `issue_key`: a second call answers with the same card. What the person had for the
    same company gives way.

    company: the main unit. portrait, signature: images, re-encoded already.
    delivery: {"shipment": what goes in one letter, "address": [lines], "language": the letter's}.
    reference: what the public check answered *under order* for; it then answers as the card does.

    Raises:
        NotInOrder: the verdict is not that every requirement is met.
    """
    person = _locked_person(person)  # one issue at a time for one person
    made = Card.objects.filter(issue_key=issue_key).first()
    if made:
        return made
    if verdict.outcome != Found.MET:
        raise NotInOrder(f"verdict {verdict.pk} is {verdict.outcome}")
    former = _step_aside(person, company.orgnr)
    card = _numbered(
        Card(
            issue_key=issue_key,
            issued_on=clock.today(),
            expires_on=last_valid_day(clock.today()),
            ordered_on=ordered_on,
            delivery=delivery,
            unit_orgnr=verdict.unit,
            **_printed(kind, person, company),
            **_judged(verdict),
        )
    )
    _keep_pictures(card, portrait, signature)
    employers.follow(orgnr=card.orgnr, until=card.expires_on)
    record("card:issued", actor=actor, subject=card, orgnr=card.orgnr, to=card.state,
           number=card.number)  # fmt: skip
    _publish(card, reference)
    _replace(former, ReplacedWhen.CONFIRMED, by=card, actor=actor)
    outbox.enqueue("card:issued", key=str(card.pk), card=str(card.pk))
    return card


@inside_transaction
def take_over(
    *,
    issue_key: str,
    former: Former,
    kind: CardKind,
    person: Person,
    company: Company,
    portrait: bytes,
    signature: bytes | None,
    actor: Actor,
) -> Card:
    """A card that was made before this portal stands here as produced; once per `issue_key`."""
    person = _locked_person(person)
    made = Card.objects.filter(issue_key=issue_key).first()
    if made:
        return made
    older = _step_aside(person, company.orgnr)
    with transaction.atomic():
        card = Card.objects.create(
            issue_key=issue_key,
            number=former.number,
            state=CardState.PRODUCED,
            ordered_on=former.issued_on,
            issued_on=former.issued_on,
            expires_on=last_valid_day(former.issued_on),
            dispatched_on=former.issued_on,
            valid_on=DateRanges.between(former.issued_on, None),
            **_printed(kind, person, company),
        )
    _keep_pictures(card, portrait, signature)
    employers.follow(orgnr=card.orgnr, until=card.expires_on)
    record("card:issued", actor=actor, subject=card, orgnr=card.orgnr, to=card.state,
           number=card.number, taken_over=True)  # fmt: skip
    _publish(card)
    _replace(older, ReplacedWhen.CONFIRMED, by=card, actor=actor)
    return card


@inside_transaction
def produced(*, card: Card, actor: Actor) -> None:
    """The chip was read back equal: the card is produced and, if all else holds, valid.

    A card that was blocked meanwhile stays so.
    """
    if card.state != CardState.ISSUED:
        return
    _moved(card, CardState.PRODUCED, "card:produced", actor)
    outbox.enqueue("card:produced", key=str(card.pk), card=str(card.pk))


@inside_transaction
def dispatched(*, card: Card, actor: Actor) -> None:
    """The card has gone in the post."""
    if card.dispatched_on:
        return
    card.dispatched_on = clock.today()
    card.save(update_fields=["dispatched_on"])
    record("card:dispatched", actor=actor, subject=card, orgnr=card.orgnr)
    older = Card.objects.filter(
        person=card.person_id, orgnr=card.orgnr, current=False, state__in=ALIVE,
        issued_on__lte=card.issued_on,
    ).exclude(pk=card.pk)  # fmt: skip
    for former in older:
        _replace(former, ReplacedWhen.DISPATCHED, by=card, actor=actor)
    outbox.enqueue("card:dispatched", key=str(card.pk), card=str(card.pk))


@owns_transaction
def block(*, card: Card, reason: BlockReason, actor: Actor) -> None:
    """The card is blocked, and anyone who asks is told so from now on.

    Raises:
        MoveNotAllowed: it is not produced, or blocked already.
        Superseded: somebody else changed it first.
    """
    if card.state not in BLOCKABLE:
        raise MoveNotAllowed(f"Card {card.state} -> {CardState.BLOCKED}")
    _block(card, reason, actor)


@owns_transaction
def report_lost(*, card: Card, how: Loss, actor: Actor) -> None:
    """The card is lost, and anyone who asks is told so; another may be ordered at once.

    Raises:
        MoveNotAllowed: it is not produced, or something was done to it already.
        Superseded: somebody else changed it first.
    """
    _moved(card, CardState.LOST, "card:lost", actor, how=how)


@owns_transaction
def merge_person(*, old: Person, one: Person) -> None:
    """Every card of the old row is the one's, with one current card for each company.

    Of two current ones the last that may be used goes on, as when one is issued beside another.
    """
    one = _locked_person(one)
    for card in Card.objects.select_for_update(of=("self",)).filter(person=old).order_by("pk"):
        if card.current:
            _only_current(card, one)
        card.person = one
        card.save(update_fields=["person", "current"])
        record("person:merged", actor=SYSTEM, subject=card, orgnr=card.orgnr)


def _only_current(card: Card, one: Person) -> None:
    """Of the card and what the person has for the same company, one is current."""
    other = (
        Card.objects.select_for_update(of=("self",))
        .filter(person=one, orgnr=card.orgnr, current=True)
        .first()
    )
    if other is None:
        return
    former, last = sorted([card, other], key=lambda each: (each.state in ALIVE, each.issued_on))
    former.current = False
    former.save(update_fields=["current"])
    _replace(former, ReplacedWhen.CONFIRMED, by=last, actor=SYSTEM)


def _printed(kind: CardKind, person: Person, company: Company) -> dict[str, object]:
    """What stands on the card, as the registers write it today."""
    return {
        "kind": kind,
        "person": person,
        "orgnr": company.orgnr,
        "company_name": company.name,
        "company_form": company.form,
        "given_names": person.given_names,
        "surname": person.surname,
        "birth_date": person.birth_date,
        "sex": person.sex,
    }


def _judged(verdict: Verdict) -> dict[str, object]:
    unmet = [f["requirement"] for f in verdict.findings if f["found"] == Found.NOT_MET]
    return {"valid_on": verdict.valid_on, "unmet": unmet, "judged_at": verdict.at}


def _numbered(card: Card) -> Card:
    """The card is stored under a number that no other card has.

    Raises:
        NoFreeNumber: luck that cannot happen.
    """
    for _ in range(ATTEMPTS):
        card.number = new_number()
        try:
            with transaction.atomic():
                card.save(force_insert=True)
        except IntegrityError as taken:
            if "one_card_per_number" not in str(taken):
                raise
        else:
            return card
    raise NoFreeNumber(f"{ATTEMPTS} numbers tried")


def _keep_pictures(card: Card, portrait: bytes, signature: bytes | None) -> None:
    """The card's own copies: it outlives the order whose files they were."""
    card.portrait.save(f"{card.pk}/portrait.jpg", ContentFile(portrait), save=False)
    if signature:
        card.signature.save(f"{card.pk}/signature.png", ContentFile(signature), save=False)
    card.save(update_fields=["portrait", "signature"])


def pictures_of(card: Card) -> tuple[bytes, bytes | None]:
    """The card's own portrait and signature, as `issue` takes them for one that replaces it."""
    with card.portrait.open("rb") as portrait:
        face: bytes = portrait.read()
    if not card.signature:
        return face, None
    with card.signature.open("rb") as signature:
        return face, signature.read()


def _locked_person(person: Person) -> Person:
    """The person's one row, locked, whichever of their rows was given."""
    people = Person.objects.select_for_update(of=("self",))
    locked = people.get(pk=person.pk)
    return people.get(pk=locked.same_as_id) if locked.same_as_id else locked


def _step_aside(person: Person, orgnr: str) -> Card | None:
    """The person's current card for the company, which no longer is the current one."""
    former = (
        Card.objects.select_for_update(of=("self",))
        .filter(person=person, orgnr=orgnr, current=True)
        .first()
    )
    if former:
        former.current = False
        former.save(update_fields=["current"])
    return former


def _replace(former: Card | None, when: ReplacedWhen, *, by: Card, actor: Actor) -> None:
    """The old card is blocked, if this is the moment that the policy says."""
    if former is None or former.state not in ALIVE:
        return
    if in_force(REPLACED_WHEN, by.issued_on).value == when:
        _block(former, BlockReason.REPLACED, actor, by=by.number)


def _block(card: Card, reason: BlockReason, actor: Actor, **told: str) -> None:
    _moved(card, CardState.BLOCKED, "card:blocked", actor, blocked_for=reason, **told)
    outbox.enqueue("card:blocked", key=str(card.pk), card=str(card.pk))


def _moved(
    card: Card, to: CardState, event: str, actor: Actor, *, blocked_for: str = "", **told: str
) -> None:
    before = card.state
    move(card, to, MOVES, blocked_for=blocked_for)
    card.refresh_from_db()  # what the registers say may have changed since it was read
    reason = {"reason": blocked_for} if blocked_for else {}
    record(event, actor=actor, subject=card, orgnr=card.orgnr, before=before, to=to,
           **reason, **told)  # fmt: skip
    _publish(card)


def _publish(card: Card, reference: str = "") -> None:
    public_check.publish(
        number=card.number,
        state=PUBLIC[CardState(card.state)],
        kind_code=card.kind_id,
        company_name=card.company_name,
        orgnr=card.orgnr,
        form=card.company_form,
        ordered_on=card.ordered_on,
        expires_on=card.expires_on,
        valid_on=card.valid_on,
        as_of=card.judged_at,
        reference=reference,
    )
