"""A real browser, Debian's Chromium driven by Playwright, and what can be said of a page in it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 390, 320)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"type": "tag", "values": STANDARDS}
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN_AXE = """
    async (rules) => {
        const found = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
        const told = (fault, node) => `${fault.id}: ${fault.help}: ${node.html.slice(0, 160)}`;
        return found.violations.flatMap((fault) => fault.nodes.map((node) => told(fault, node)));
    }
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    if not CHROMIUM.exists():
        pytest.fail("The browser tests need Chromium: apt-get install chromium", pytrace=False)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """Somebody with a browser of their own. `complaints` is what its console said was wrong."""

    context: BrowserContext
    base_url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str, *, width: int = 1280) -> Page:
        """The page at that address of the portal, in a window of that width."""
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.base_url + address)
        return page

    def log_in(self, session_key: str) -> None:
        """Carry on with a session that the test has made."""
        self.context.add_cookies([{"name": "session", "value": session_key, "url": self.base_url}])

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


def violations(page: Page, rules: dict[str, Any] = ALL_RULES) -> list[str]:
    """What axe finds against WCAG 2.0-2.2 AA and its own best practice, one line for each.

    rules: `OF_COLOURS` where nothing but the colour scheme is another than at the last look.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    size = page.viewport_size
    assert size, "the page has a window"
    # In a window as high as the page nothing is half hidden below a bar that stays at its edge:
    # what is measured does not depend on how far the page happens to be scrolled.
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole)})
    found: list[str] = page.evaluate(RUN_AXE, rules)
    page.set_viewport_size(size)
    return found


def nameless(page: Page) -> list[str]:
    """What Tab comes to and a screen reader has no name for, asked of the accessibility tree."""
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        f"{node['role']['value']} without a name"
        for node in tree
        if _is_control(node) and not node["name"]["value"].strip()
    ]


def _is_control(node: dict[str, Any]) -> bool:
    """Not the page itself, nor the place that its skip link leads to."""
    focusable = any(one["name"] == "focusable" for one in node.get("properties", ()))
    return focusable and node["role"]["value"] not in {"RootWebArea", "main"}


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
