"""Every open page in a real browser. Pages that need rows or a login use `page_check`."""

import pytest

from hmskort.pages.urls import GUIDES

WAYS_IN = ["/logg-inn/", "/logg-inn/passord/", "/apne-konto/", "/uten-id-porten/"]
PAGES = ["/", *(f"/{address}" for address in GUIDES), *WAYS_IN, "/finnes-ikke/"]
GROUPS = 6
# WCAG 1.4.12: a reader may set this much air, and nothing may be lost.
TEXT_SPACING = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }
"""
SMALL_TARGETS = """
    () => [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
        .filter(e => !e.closest('p, dd, li > :not(a)') && !e.matches('.ds-skip-link'))
        .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
        .filter(([, box]) => box.height && (box.height < 24 || box.width < 24))
        .map(([html]) => html)
"""


# Some at a time: what a test with a server of its own costs afterwards is paid once for each group.
@pytest.mark.parametrize("group", range(GROUPS))
def test_every_page_is_accessible_at_every_width_light_and_dark(page_check, group):
    for address in [page for page in PAGES if page != "/finnes-ikke/"][group::GROUPS]:
        page_check(address)


def test_a_page_that_is_not_there_is_accessible_too(visitor):
    someone = visitor()
    page = someone.open("/finnes-ikke/", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.get_by_role("heading", level=1).inner_text() == "Vi finner ikke siden"


def test_nothing_is_lost_with_more_air_in_the_text(visitor):
    someone = visitor()
    for address in PAGES:
        page = someone.open(address, width=390)
        page.evaluate(
            """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
                        document.adoptedStyleSheets = [sheet]; }""",
            TEXT_SPACING,
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


@pytest.mark.feature("F007")
def test_the_first_tab_stop_moves_focus_to_the_content(visitor):
    someone = visitor()
    for address in PAGES:
        page = someone.open(address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Hopp til hovedinnhold"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "MAIN", address


@pytest.mark.feature("F008")
@pytest.mark.parametrize("javascript", [True, False])
def test_the_language_is_switched_by_hand_and_the_page_is_kept(visitor, javascript):
    someone = visitor(javascript=javascript)
    page = someone.open("/hjelp/registerkrav/", width=390)
    page.locator(".language summary").click()
    page.get_by_role("button", name="English").click()
    page.wait_for_selector('html[lang="en"]')
    assert page.url.endswith("/hjelp/registerkrav/")


def test_the_language_menu_closes_on_escape_and_gives_focus_back(visitor):
    page = visitor().open("/")
    page.locator(".language summary").click()
    page.keyboard.press("Escape")
    assert page.locator(".language[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_targets_are_large_enough_for_a_finger(visitor):
    """WCAG 2.5.8: 24 pixels, links inside a sentence left out."""
    someone = visitor()
    for address in PAGES:
        assert someone.open(address, width=390).evaluate(SMALL_TARGETS) == [], address
