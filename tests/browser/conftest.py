"""Browser tests of single pages, on the portal that runs inside the test."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import ALL_RULES, OF_COLOURS, WIDTHS, Visitor, overflow, violations

PHONE = 390


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser of its own: `visitor(scheme="dark", javascript=False)`."""
    contexts = []

    def come(*, scheme: str = "light", javascript: bool = True, language: str = "nb-NO") -> Visitor:
        context = browser.new_context(
            color_scheme=scheme, java_script_enabled=javascript, locale=language
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Visitor(context, live_server.url)

    yield come
    for context in contexts:
        context.close()


def check_page(come: Callable[..., Visitor], address: str, *, session: str = "") -> None:
    """The page is accessible and fits at every width, light and dark, and breaks no rule of CSP.

    It is opened once: in the dark its colours are what may be another, and are looked at again.
    """
    someone = come()
    if session:
        someone.log_in(session)
    page = someone.open(address)
    for scheme, rules in (("light", ALL_RULES), ("dark", OF_COLOURS)):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            where = f"{address} at {width} px, {scheme}"
            assert overflow(page) <= 0, f"{where} scrolls sideways"
            assert violations(page, rules) == [], where
    assert someone.complaints == [], address


@pytest.fixture
def glance_at(visitor: Callable[..., Visitor]) -> Callable[..., list[str]]:
    """`glance_at(addresses, session=key)`: faults of pages made of parts that are checked in full.

    One run of axe, on a phone and in dark colours, and the width of the page in every window.
    """

    def glance(addresses: Iterable[str], *, session: str) -> list[str]:
        someone, faults = visitor(scheme="dark"), []
        someone.log_in(session)
        page = someone.open("/")
        for address in addresses:
            answer = page.goto(someone.base_url + address)
            if answer is None or not answer.ok:
                faults.append(f"{address}: no page")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if (excess := overflow(page)) > 0:
                    faults.append(f"{address}: scrolls {excess} px sideways at {width} px")
            page.set_viewport_size({"width": PHONE, "height": 900})
            faults += [f"{address}: {fault}" for fault in violations(page)]
        return faults + someone.complaints

    return glance


@pytest.fixture
def page_check(visitor: Callable[..., Visitor]) -> Callable[..., None]:
    """`page_check("/address/", session=key)`: for tests of pages that need rows or a login."""

    def check(address: str, *, session: str = "") -> None:
        check_page(visitor, address, session=session)

    return check
