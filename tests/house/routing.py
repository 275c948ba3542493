"""Every address of the portal, what it says of who may use it, and the reviewed table of both.

The table is `routes.txt`: who may use an address, and with which right it is read and changed. It
is written by hand, or rather: a changed stamp makes the test print the line that would be right,
and putting it there is a visible edit.
"""

import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver

from hmskort import urls

TABLE = Path(__file__).parent / "routes.txt"
CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")
NOWHERE = {"uuid": str(uuid.UUID(int=7)), "int": "4711", "path": "x/y"}
OF_DJANGO = "administrasjon/"  # one site with many addresses of Django's own: one line


@dataclass(frozen=True)
class Route:
    """An address. reading, changing: the rights, one of which it takes; none where acting does."""

    address: str
    who: str
    reading: str = "-"
    changing: str = "-"

    @property
    def line(self) -> str:
        """As it stands in the table."""
        return f"{self.address or '/':72} {self.who:30} {self.reading:12} {self.changing}".rstrip()

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The converters of the address with the names of what they take."""
        return CONVERTER.findall(self.address)

    def filled(self, known: dict[str, object] | None = None) -> str:
        """As somebody would type it: with what is known, else with what does not exist."""
        known = known or {}
        return "/" + CONVERTER.sub(
            lambda part: str(known.get(part[2], NOWHERE.get(part[1] or "", "finnes-ikke"))),
            self.address,
        )


def _addresses(patterns, above=""):
    for pattern in patterns:
        address = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def _route(address, view) -> Route:
    access = getattr(view, "access", "NOBODY SAID")
    if access.startswith("staff:"):
        access = "staff:" + ",".join(view.roles)
    seen, sent = (getattr(view, name, ()) for name in ("reading", "rights"))
    if access != "for_company":
        return Route(address, access)
    return Route(address, access, ",".join(seen) or "see", ",".join(sent) or "see")


ROUTES = [_route(*each) for each in _addresses(urls.urlpatterns)]


def table() -> list[str]:
    """The reviewed lines."""
    lines = TABLE.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def stamped() -> list[str]:
    """The lines that the code says."""
    ours = [route for route in ROUTES if not route.address.startswith(OF_DJANGO)]
    theirs = {
        Route(f"{OF_DJANGO}*", route.who) for route in ROUTES if route.address.startswith(OF_DJANGO)
    }
    return sorted({route.line for route in [*ours, *theirs]})
