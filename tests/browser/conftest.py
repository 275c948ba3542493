"""Browser tests of single pages, on the portal that runs inside the test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import WIDTHS, Visitor, overflow, violations


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
    """The page is accessible and fits at every width, light and dark, and breaks no rule of CSP."""
    for scheme in ("light", "dark"):
        someone = come(scheme=scheme)
        if session:
            someone.log_in(session)
        page = someone.open(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            where = f"{address} at {width} px, {scheme}"
            assert overflow(page) <= 0, f"{where} scrolls sideways"
            assert violations(page) == [], where
        assert someone.complaints == [], f"{address}, {scheme}"


@pytest.fixture
def page_check(visitor: Callable[..., Visitor]) -> Callable[..., None]:
    """`page_check("/address/", session=key)`: for tests of pages that need rows or a login."""

    def check(address: str, *, session: str = "") -> None:
        check_page(visitor, address, session=session)

    return check
