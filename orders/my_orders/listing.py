"""*Mine ordre*: the company's orders, found by whatever is known of them, in any order.

Every sort has an index of its own, and the cheapest filters stand in the one by date, so that a
page costs the same whatever the company has ordered; see the indexes of `Order`.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core import signing
from django.db.models import F, Prefetch, Q, QuerySet

from cards import numbers
from hmskort.accounts.models import ListedCompany, User
from hmskort.common import paging
from hmskort.common.clock import OSLO
from hmskort.common.folding import folded
from hmskort.common.references import ALPHABET
from orders.models import LISTED, Line, Order
from orders.states import OrderStanding

SORTS: dict[str, tuple[str, ...]] = {
    "nummer": ("reference", "id"),
    "dato": ("dated_at", "id"),
    "type": ("kind_id", "dated_at", "id"),
    "enhet": ("by_unit", "dated_at", "id"),
    "bestiller": ("by_orderer", "dated_at", "id"),
    "personer": ("people", "dated_at", "id"),
    "sum": ("total_ore", "dated_at", "id"),
    "status": ("standing", "dated_at", "id"),
}
BEST_DOWNWARDS = frozenset({"dato", "personer", "sum"})  # what a first click on the heading gives
NEWEST = "-dato"
STANDINGS: dict[str, OrderStanding] = {
    "rettes": OrderStanding.TO_MEND,
    "handlekurv": OrderStanding.CART,
    "betaling": OrderStanding.PAYING,
    "venter": OrderStanding.WAITING,
    "behandling": OrderStanding.UNDER_WAY,
    "ferdig": OrderStanding.COMPLETED,
}
NOBODY = UUID(int=0)
READ = (  # of each order: what is shown, and what a cursor says
    "reference", "dated_at", "kind", "by_unit", "unit_name", "by_orderer", "orderer", "people",
    "sleeves_shown", "total_ore", "standing",
)  # fmt: skip
FILTERS = ("q", "person", "status", "type", "enhet", "kilde", "betaling", "fra", "til", "mine")
REFERENCE = frozenset(ALPHABET)
REFERENCE_LENGTHS = range(8, 13)


def page_of(orgnr: str, user: User, wanted: Mapping[str, str]) -> paging.Page[Order]:
    """The page of the company's orders that the address asks for.

    wanted: `q` (an order's or a line's reference, a card's number, the beginning of a name),
    `person` (what `token_for` gave), `status` (one of STANDINGS), `type` (a kind's code), `enhet`
    (a sub-unit's number), `kilde`, `betaling`, `fra` and `til` (Oslo dates, both included), `mine`,
    `sorter` (one of SORTS, with a minus downwards), `etter` and `for` (cursors).
    """
    orders = Order.objects.filter(LISTED, orgnr=orgnr).only(*READ)
    orderers = Prefetch("orderer", User.objects.only("name"))
    found = _matching(orders, orgnr, user, wanted).prefetch_related("kind", orderers)
    return paging.page(found, sort_of(wanted), wanted)


def sort_of(wanted: Mapping[str, str]) -> tuple[str, ...]:
    """The sort that is asked for; the newest first where none is."""
    name = wanted.get("sorter") or NEWEST
    sort = SORTS[name.removeprefix("-")]
    return paging.downwards(sort) if name.startswith("-") else sort


def is_filtered(wanted: Mapping[str, str]) -> bool:
    return any(wanted.get(name) for name in FILTERS)


def token_for(orgnr: str, person: UUID | None) -> str:
    """What an address may say of a person who was sought by number; of nobody, that none is."""
    return signing.dumps(str(person or NOBODY), salt=_salt(orgnr), compress=True)


def units_of(orgnr: str) -> list[tuple[str, str]]:
    """The company's sub-units as they were last listed: number and name."""
    company = ListedCompany.objects.filter(orgnr=orgnr).first()
    units = [(unit["orgnr"], unit["name"]) for unit in company.subunits] if company else []
    return sorted(units, key=lambda unit: folded(unit[1]))


def has_ordered_for(orgnr: str, person: UUID) -> bool:
    """Is the person in any of the company's orders?"""
    return Line.objects.filter(orgnr=orgnr, person=person).exists()


def _matching(
    orders: QuerySet[Order], orgnr: str, user: User, wanted: Mapping[str, str]
) -> QuerySet[Order]:
    exact = {"type": "kind", "enhet": "unit_orgnr", "kilde": "source", "betaling": "method"}
    found = Q(**{field: wanted[name] for name, field in exact.items() if wanted.get(name)})
    if wanted.get("status") in STANDINGS:
        found &= Q(standing=STANDINGS[wanted["status"]])
    if wanted.get("mine"):
        found &= Q(orderer=user)
    first, last = _day(wanted.get("fra")), _day(wanted.get("til"))
    if first:
        found &= Q(dated_at__gte=_beginning(first))
    if last:
        found &= Q(dated_at__lt=_beginning(last + timedelta(days=1)))
    if wanted.get("person"):
        found &= _with_lines(orgnr, Q(person=_person(orgnr, wanted["person"])))
    sought = " ".join(wanted.get("q", "").split())
    return orders.filter(found & _sought(orgnr, sought) if sought else found)


def _sought(orgnr: str, words: str) -> Q:
    """What was typed is a reference, a card's number or the beginning of a name."""
    number = numbers.compact(words)
    if number.isdigit():
        return _with_lines(orgnr, Q(card__number=number))
    if len(number) in REFERENCE_LENGTHS and set(number.upper()) <= REFERENCE:
        of_line = Line.objects.filter(orgnr=orgnr, reference=number.upper()).values_list("order")
        order = of_line.first()
        return Q(pk=order[0]) if order else Q(reference=number.upper())
    name = folded(words.replace(",", " "))
    named = Q(by_surname__startswith=name) | Q(by_given_name__startswith=name)
    named &= Q(name_known=True)  # a search tells no name that the list does not
    return _with_lines(orgnr, named)


def _with_lines(orgnr: str, wanted: Q) -> Q:
    """Orders with a line like that. Who was taken out of a cart was never in an order."""
    stands = Q(ended_at=None) | Q(ended_at__gte=F("order__submitted_at"))
    return Q(pk__in=Line.objects.filter(wanted, stands, orgnr=orgnr).values("order"))


def _person(orgnr: str, token: str) -> UUID:
    """Whom a token is about; a broken one, or one of another company, is about nobody."""
    try:
        return UUID(signing.loads(token, salt=_salt(orgnr)))
    except (signing.BadSignature, ValueError):
        return NOBODY


def _salt(orgnr: str) -> str:
    return f"orders.my_orders.listing.person:{orgnr}"


def _day(text: str | None) -> date | None:
    """A day of the address; what is none was refused by the form."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=OSLO)
