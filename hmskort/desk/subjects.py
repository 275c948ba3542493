"""What an employer writes to the desk about: a person's requirement, in an order or on a card."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from cards import queries as cards
from cards.models import Card
from orders.queries import line_for
from registers.models import Person, Verdict


@dataclass(frozen=True)
class Subject:
    """A requirement that is not met. place: what the address names, before the requirement.

    back, back_label: the page that it was read on. views: of applying and of disputing.
    """

    orgnr: str
    company_name: str
    person: Person
    name: str  # the person's, as the company sees them: by name, or by their place in the order
    verdict: Verdict
    requirement: str
    place: tuple[str, ...]
    back: str
    back_label: str
    views: tuple[str, str]

    @property
    def apply_href(self) -> str:
        return reverse(self.views[0], args=[*self.place, self.requirement])

    @property
    def dispute_href(self) -> str:
        return reverse(self.views[1], args=[*self.place, self.requirement])


def of_line(orgnr: str, order: str, line: str, requirement: str) -> Subject:
    """The company's order line, of which a register says that this requirement is not met (404)."""
    row = line_for(orgnr, order, line)
    return Subject(
        orgnr=row.orgnr,
        company_name=row.order.company_name,
        person=row.person,
        name=row.shown_name,
        verdict=_judged_against(row.verdict, requirement),
        requirement=requirement,
        place=(order, line),
        back=reverse("orders:cart", args=[order]),
        back_label=_("Tilbake til bestillingen"),
        views=("desk:apply", "desk:dispute"),
    )


def of_card(orgnr: str, number: str, requirement: str) -> Subject:
    """The company's card, which this requirement keeps from being valid today (404)."""
    try:
        card = cards.card_for(orgnr, number)
    except Card.DoesNotExist:
        raise Http404 from None
    return Subject(
        orgnr=card.orgnr,
        company_name=card.company_name,
        person=card.person.survivor,
        name=card.holder_name,
        verdict=_judged_against(_as_judged_today(card), requirement),
        requirement=requirement,
        place=(card.number,),
        back=reverse("cards:card", args=[card.number]),
        back_label=_("Tilbake til kortet"),
        views=("desk:apply_for_card", "desk:dispute_card"),
    )


def _as_judged_today(card: Card) -> Verdict:
    """What the registers last said of the card; it is stored when somebody writes about it."""
    return Verdict(
        person=card.person.survivor,
        main_orgnr=card.orgnr,
        unit=card.unit_orgnr,
        kind=card.kind,
        outcome="not_met",
        valid_on=card.valid_on,
        findings=cards.findings_on(card),
    )


def _judged_against(verdict: Verdict | None, requirement: str) -> Verdict:
    """The verdict, where it found the requirement not met."""
    found = verdict.findings if verdict else []
    if verdict is None or not any(
        row["requirement"] == requirement and row["found"] == "not_met" for row in found
    ):
        raise Http404
    return verdict
