"""Questions about a company's cards. What a company may not see does not exist for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from cards import numbers
from cards.models import Card
from cards.states import ALIVE, CardState, Standing
from hmskort.audit.models import Event
from hmskort.audit.record import history
from hmskort.common import clock, paging
from registers.requirements.findings import Finding
from registers.requirements.gathering import facts_of_people
from registers.requirements.judge import findings_of, requirements_of
from registers.requirements.judge import findings_on as judged

SORTS: dict[str, tuple[str, ...]] = {
    "navn": ("surname", "given_names", "id"),
    "utloper": ("expires_on", "id"),
}
EXPIRING = "snart"
PRODUCED = CardState.PRODUCED


def cards_of(orgnr: str) -> QuerySet[Card]:
    """The cards of the main unit, from all times."""
    return Card.objects.filter(orgnr=orgnr).select_related("kind")


def card_for(orgnr: str, number: str) -> Card:
    """The company's card with that number. Raises Card.DoesNotExist for those of others."""
    return cards_of(orgnr).select_related("person").get(number=numbers.compact(number))


def page_of(orgnr: str, wanted: Mapping[str, str]) -> paging.Page[Card]:
    """The page that the address asks for.

    wanted: `q` (beginning of a surname, or a card number), `status` (a `Standing`, or `snart`),
    `type` (a kind's code), `sorter` (one of SORTS), `etter` and `for` (cursors).
    """
    sort = SORTS.get(wanted.get("sorter", ""), SORTS["navn"])
    return paging.page(_matching(cards_of(orgnr), wanted), sort, wanted)


def numbers_of(orgnr: str, wanted: Mapping[str, str]) -> list[str]:
    """The numbers of all cards on the pages that the address asks for."""
    return list(_matching(cards_of(orgnr), wanted).values_list("number", flat=True))


def timeline(card: Card) -> QuerySet[Event]:
    """What happened to the card, the newest first."""
    return history(card).order_by("-id")


def findings_on(card: Card) -> list[dict[str, object]]:
    """Each requirement as the last known facts say today, as a verdict keeps it."""
    today = clock.today()
    findings = findings_of(card.person_id, card.orgnr, card.kind, today, card.unit_orgnr)
    return [finding.as_json() for finding in findings]


def findings_on_page(page: paging.Page[Card]) -> dict[UUID, list[Finding]]:
    """Each requirement of the cards that may be valid, as the last known facts say today, by card.

    The number of queries does not grow with the cards.
    """
    today = clock.today()
    alive = [card for card in page.rows if card.state in ALIVE and card.expires_on >= today]
    kinds = {card.kind_id: card.kind for card in alive}
    required = {code: requirements_of(kind, today) for code, kind in kinds.items()}
    people = {card.person_id for card in alive}
    facts = facts_of_people(people, alive[0].orgnr, last_known=True) if alive else {}
    return {
        card.pk: judged(
            replace(facts[card.person_id], unit=card.unit_orgnr), required[card.kind_id], today
        )
        for card in alive
    }


def _matching(cards: QuerySet[Card], wanted: Mapping[str, str]) -> QuerySet[Card]:
    sought = " ".join(wanted.get("q", "").split())
    if sought:
        number = numbers.compact(sought)
        cards = cards.filter(number=number) if number.isdigit() else cards.filter(
            surname__istartswith=sought
        )  # fmt: skip
    if wanted.get("type"):
        cards = cards.filter(kind=wanted["type"])
    status = wanted.get("status", "")
    known = {*Standing, EXPIRING}
    return cards.filter(_stands(status, clock.today())) if status in known else cards


def _stands(status: str, today: date) -> Q:
    """The rule of `cards.rules.standing`, as a question to the database."""
    in_time = Q(state=PRODUCED, expires_on__gte=today)
    match status:
        case Standing.ORDERED:
            return Q(state=CardState.ISSUED)
        case Standing.VALID:
            return in_time & Q(valid_on__holds_on=today)
        case Standing.REQUIREMENTS:
            return in_time & ~Q(valid_on__holds_on=today)
        case Standing.EXPIRED:
            return Q(state=PRODUCED, expires_on__lt=today)
        case _ if status == EXPIRING:
            return in_time & Q(renewable_from__lte=today)
        case _:
            return Q(state=status)
