"""Somebody at the portal with a browser: what they do and what they read, in plain verbs."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as Waited

from tests.journeys.portal import Portal

PATIENCE_MS = 20_000
MOST_TABS = 80
Role = Literal["link", "button", "textbox", "checkbox", "radio"]
Window = dict[str, Any]
DESK: Window = {"viewport": {"width": 1280, "height": 900}}
PHONE: Window = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
EXPECTED = re.compile(r"the server responded with a status of 4\d\d")  # an error page was wanted


@dataclass
class Person:
    """A person and the page in front of them. `complaints`: what the browser's console said."""

    name: str
    portal: Portal
    context: BrowserContext
    page: Page
    answer: Response | None = None  # to the latest address that was opened
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, portal: Portal, context: BrowserContext, name: str = "") -> "Person":
        """A person with a new window."""
        context.set_default_timeout(PATIENCE_MS)
        return cls(name, portal, context, context.new_page())

    def __post_init__(self) -> None:
        self.page.on("console", self._hears)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def in_a_new_tab(self) -> "Person":
        """The same person, still logged in, with another tab of the same browser."""
        return Person(self.name, self.portal, self.context, self.context.new_page())

    def logs_in(self) -> None:
        """Through ID-porten, from wherever the portal asks for it."""
        if "/logg-inn/" not in self.page.url:
            self.opens("/logg-inn/")
        self.clicks("Logg inn med ID-porten")
        me = self.page.locator("button", has_text=self.name).first
        if not me.is_visible():
            self.page.locator("summary", has_text="Andre").click()
        me.click()
        self.page.wait_for_url(f"{self.portal.base_url}/**")

    def acts_for(self, company: str) -> None:
        """The company is chosen, if it is not already."""
        self.opens("/velg-virksomhet/")
        self.clicks(f"Velg {company}")

    def logs_out(self) -> None:
        self.clicks("Logg ut", within="header")
        self.is_at("/logg-ut/ferdig/")

    def opens(self, address: str) -> None:
        whole = address if address.startswith("http") else self.portal.base_url + address
        self.answer = self.page.goto(whole, wait_until="domcontentloaded")

    def clicks(self, name: str, *, within: str = "main") -> None:
        """The button or link whose name is, or begins with, this one."""
        place, named = self.page.locator(within), re.compile(f"^{re.escape(name)}")
        found = place.get_by_role("button", name=named).or_(place.get_by_role("link", name=named))
        self._sees(found, name).click()

    def types(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)

    def ticks(self, label: str) -> None:
        self.page.get_by_label(label).check()

    def chooses_file(self, label: str, file: tuple[str, bytes, str]) -> None:
        name, content, kind = file
        given: Any = {"name": name, "mimeType": kind, "buffer": content}
        self.page.get_by_label(label).set_input_files(given)

    def tabs_to(self, role: Role, name: str, key: str = "") -> None:
        """Focus moves with the Tab key alone to what a screen reader calls so; a key is pressed."""
        named = self.page.get_by_role(role, name=re.compile(f"^{re.escape(name)}"))
        focused = named.and_(self.page.locator(":focus"))
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if focused.count():
                break
        else:
            raise AssertionError(f"Tab does not come to the {role} “{name}” at {self.page.url}")
        if key:
            self.page.keyboard.press(key)

    def keys_in(self, role: Role, name: str, text: str) -> None:
        """The field is found with Tab, and the text typed in place of what stands there."""
        self.tabs_to(role, name, "Control+A")
        self.page.keyboard.type(text)

    def reads(self, *texts: str) -> None:
        """The page says it, now or as soon as it has the answer."""
        for text in texts:
            self._sees(self.page.get_by_text(text).locator("visible=true"), text)

    def does_not_read(self, text: str) -> None:
        expect(self.page.get_by_text(text).locator("visible=true")).to_have_count(0)

    def is_at(self, address: str) -> None:
        """`address` is a pattern of the path."""
        expect(self.page).to_have_url(
            re.compile(f"{re.escape(self.portal.base_url)}{address}(\\?|$)"), timeout=PATIENCE_MS
        )

    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def part_about(self, name: str) -> Locator:
        """The section of the page that a person of the order has."""
        heading = self.page.get_by_role("heading", name=name, exact=True)
        return self.page.locator("section.person").filter(has=heading)

    def has_had_no_trouble(self) -> None:
        """Neither a script failed nor was anything kept out by the Content-Security-Policy."""
        assert self.complaints == []

    def _sees(self, wanted: Locator, what: str) -> Locator:
        try:
            wanted.first.wait_for()
        except Waited as waited:
            words = self.page.locator("body").inner_text()
            raise AssertionError(f"no “{what}” at {self.page.url}:\n{words}") from waited
        return wanted.first

    def _hears(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            where = message.location.get("url", "")
            self.complaints.append(f"{message.text} {where}".strip())
