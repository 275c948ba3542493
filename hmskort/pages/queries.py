"""What the open pages ask of the other rooms."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hmskort.common.dated import NothingInForce
from hmskort.common.money import Amount
from hmskort.pages.articles import ARTICLES
from hmskort.pages.articles.parts import Article
from orders.prices import price_of
from registers.exemptions.documents import NAMES
from registers.exemptions.models import ExemptionKind
from registers.models import CardKind, KindRequirement

CARD_KINDS = ("bygg", "renhold")  # those that the front page describes at length


def card_prices(on: date) -> dict[str, Amount]:
    """The price of one card of each kind that the front page describes, as in force on that day."""
    return {kind: price_of(kind, on) for kind in CARD_KINDS}


def more_kinds(on: date) -> list[tuple[CardKind, Amount]]:
    """The other kinds that may be ordered, with their prices."""
    found = []
    for kind in CardKind.objects.filter(open_for_orders=True).exclude(pk__in=CARD_KINDS):
        try:
            found.append((kind, price_of(kind.pk, on)))
        except NothingInForce:
            continue  # cannot be ordered yet
    return found


@dataclass(frozen=True)
class Shelf:
    """Articles of one side: the company's or the person's, with the card kinds of each."""

    of_person: bool
    articles: list[tuple[Article, list[str]]]


def shelves(on: date) -> list[Shelf]:
    """All articles, the company's first."""
    named = _kinds(on)
    return [
        Shelf(
            side,
            [
                (article, named.get(article.requirement, []))
                for article in ARTICLES.values()
                if article.of_person == side
            ],
        )
        for side in (False, True)
    ]


def kinds_with(requirement: str, on: date) -> list[str]:
    """The names of the card kinds that require it on that day."""
    return _kinds(on).get(requirement, [])


def _kinds(on: date) -> dict[str, list[str]]:
    in_force = KindRequirement.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), since__lte=on, kind__open_for_orders=True
    )
    found: dict[str, list[str]] = {}
    for row in in_force.select_related("kind").order_by("kind"):
        found.setdefault(row.requirement, []).append(row.kind.name)
    return found


@dataclass(frozen=True)
class Exempted:
    """A kind of exemption as the help shows it. documents: what an application must come with."""

    name: str
    automatic: bool
    by_application: bool
    documents: list[str]
    longest_months: int


def exemptions_from(requirement: str, form: str = "") -> list[Exempted]:
    """The kinds that answer a requirement; form: only those for companies of that form alone."""
    kinds = ExemptionKind.objects.filter(requirement=requirement) if requirement else ()
    return [
        Exempted(
            kind.name,
            kind.automatic,
            kind.by_application,
            [str(NAMES.get(code, code)) for code in kind.documents],
            kind.longest_months,
        )
        for kind in kinds
        if (kind.automatic or kind.by_application) and (not form or kind.forms == [form])
    ]
