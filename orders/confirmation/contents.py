"""What a confirmation says of an order and of each person in it, at the moment it is asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.utils.translation import get_language

from hmskort.common import clock
from hmskort.common.templatetags.portal import kortnummer
from orders import queries, show
from orders.models import Line, Order
from orders.states import LINE_DOCUMENTED


@dataclass(frozen=True)
class Documented:
    """One person for whom a card is ordered. statuses: by language, how it stands now."""

    name: str
    born_on: date | None
    reference: str
    statuses: dict[str, str]
    card_number: str
    check_url: str

    @property
    def qr_address(self) -> str:
        """The check's address as a QR code: a phone's camera is enough to open it."""
        code = segno.make(self.check_url, error="m", micro=False)
        return str(code.svg_data_uri(border=2, omitsize=True, light="white"))


@dataclass(frozen=True)
class Confirmation:
    """An order, or one person of it. languages: the reader's first."""

    order: Order
    people: list[Documented]
    languages: tuple[str, str]
    made_at: datetime

    @property
    def check_host(self) -> str:
        return f"{urlsplit(settings.BASE_URL).netloc}/sjekk"


def confirmation_of(order: Order, line_reference: str = "") -> Confirmation:
    """The confirmation of the order, or of one person in it, in the reader's language and another.

    There is none before the order is paid for, nor for who was withdrawn, or waits for a
    requirement and is not ordered for yet (404).
    """
    lines = [line for line in queries.lines_of(order) if line.state in LINE_DOCUMENTED]
    if line_reference:
        lines = [line for line in lines if line.reference == line_reference]
    if not lines:
        raise Http404
    languages = _languages()
    return Confirmation(
        order=order,
        people=[_documented(line, languages) for line in lines],
        languages=languages,
        made_at=clock.now(),
    )


def _languages() -> tuple[str, str]:
    own = (get_language() or "nb")[:2]
    return (own, "nb" if own == "en" else "en")


def _documented(line: Line, languages: tuple[str, str]) -> Documented:
    statuses = {}
    for language in languages:
        with translation.override(language):
            statuses[language] = show.status_of(line).label
    return Documented(
        name=show.name_of(line),
        born_on=line.person.birth_date,
        reference=line.reference,
        statuses=statuses,
        card_number=kortnummer(line.card.number) if line.card else "",
        check_url=f"{settings.BASE_URL}/k/{line.reference}/",
    )
