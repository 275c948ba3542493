"""How dates, money, numbers and icons are written: the Norwegian way, in every language.

Django's own formats change with the language and would print 11/21/2026 in English. A card and
the page about it must show the same thing. Spaces inside a number do not break.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from hmskort.common.clock import OSLO, oslo_date

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
HIDDEN = "\N{BULLET}" * 5
SPRITE = "vendor/aksel-icons/sprite.svg"


@register.filter
def dato(value: date | datetime | None) -> str:
    """21.11.2026. A moment is shown as its date in Oslo."""
    return "" if value is None else f"{_day(value):%d.%m.%Y}"


@register.filter
def dato_lang(value: date | datetime | None) -> str:
    """21. november 2026; the month in the reader's language."""
    if value is None:
        return ""
    day = _day(value)
    return gettext("%(day)s. %(month)s %(year)s") % {
        "day": day.day,
        "month": MONTHS[day.month],
        "year": day.year,
    }


@register.filter
def klokkeslett(value: datetime | None) -> str:
    """The time in Oslo: kl. 09.42."""
    if value is None:
        return ""
    return gettext("kl. %(time)s") % {"time": f"{value.astimezone(OSLO):%H.%M}"}


@register.filter
def tidspunkt(value: datetime | None) -> str:
    """21.11.2026 kl. 09.42, in Oslo."""
    return "" if value is None else f"{dato(value)} {klokkeslett(value)}"


@register.filter
def kr(ore: int | None) -> str:
    """131,25 kr, from whole øre; thousands apart, a true minus sign."""
    if ore is None:
        return ""
    kroner, rest = divmod(abs(ore), 100)
    sign = MINUS if ore < 0 else ""
    return f"{sign}{kroner:,}".replace(",", NBSP) + f",{rest:02}{NBSP}kr"


@register.filter
def orgnr(value: str | None) -> str:
    """940 155 223. What is not nine digits is shown as it is."""
    digits = _digits(value)
    return _grouped(digits, 3, 3, 3) if len(digits) == 9 else str(value or "")


@register.filter
def kortnummer(value: str | int | None) -> str:
    """4711 2083: four and four, or four and three on older cards."""
    return _grouped(_digits(value), 4, 4)


@register.filter
def masked(value: str | None) -> str:
    """121212 •••••: an identity number's date, never its last five digits."""
    digits = _digits(value)
    return f"{digits[:6]}{NBSP}{HIDDEN}" if digits else ""


@register.filter
def telefon(value: str | None) -> str:
    """22 22 22 22, and 800 22 222. A foreign number is shown as it is."""
    text = str(value or "").strip()
    digits = _digits(text.removeprefix("+47").removeprefix("0047"))
    if len(digits) != 8 or (text.startswith("+") and not text.startswith("+47")):
        return text
    return _grouped(digits, 3, 2, 3) if digits[0] == "8" else _grouped(digits, 2, 2, 2, 2)


@register.filter
def is_under(path: str | None, section: str) -> bool:
    """True when the page at `path` belongs to the section that starts at `section`."""
    return bool(section) and section != "/" and str(path or "").startswith(section)


@register.filter
def same_site(address: str | None, request: HttpRequest) -> str:
    """The address where it leads to this site; else the front page."""
    safe = url_has_allowed_host_and_scheme(
        address or "", {request.get_host()}, require_https=request.is_secure()
    )
    return str(address) if safe else "/"


@register.filter
def message_color(level: str) -> str:
    """The design system's colour for a level of Django's messages."""
    return {"error": "danger", "success": "success", "warning": "warning"}.get(level, "info")


@register.filter
def nth(values: Sequence[str], index: int) -> str:
    """The value at that place, or nothing: a row may be longer than its columns."""
    return values[index] if index < len(values) else ""


@register.filter
def page_numbers(page: Page[Any]) -> list[int | str]:
    """The page numbers to offer: first, last and the neighbours."""
    offered = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else "" for number in offered]


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers unless it carries a title.

    Names are in `hmskort/local/icons.txt`.
    """
    if title:
        return format_html(
            '<svg class="ds-icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            title,
            static(SPRITE),
            name,
        )
    return format_html(
        '<svg class="ds-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static(SPRITE),
        name,
    )


def _day(value: date | datetime) -> date:
    return oslo_date(value) if isinstance(value, datetime) else value


def _digits(value: object) -> str:
    return "".join(c for c in str(value or "") if c.isdigit())


def _grouped(digits: str, *sizes: int) -> str:
    groups, at = [], 0
    for size in sizes:
        groups.append(digits[at : at + size])
        at += size
    return NBSP.join(group for group in [*groups, digits[at:]] if group)
