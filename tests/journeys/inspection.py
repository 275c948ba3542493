"""What holds for every page: accessible, no wider than its window, and within its policy."""

from dataclasses import dataclass, field

from tests.chromium import OF_COLOURS, WIDTHS, overflow, violations
from tests.journeys.person import Person

HEIGHT = 900
TO_THE_END = "scrollTo(0, document.body.scrollHeight)"  # where a bar that follows covers nothing
SKIP_LINK = "Hopp til hovedinnhold"


@dataclass
class Inspection:
    """Looks at pages as people have them in front of them; `faults` is what it saw."""

    faults: list[str] = field(default_factory=list)

    def opens(self, person: Person, address: str, name: str = "", *, dark: bool = False) -> None:
        person.opens(address)
        self.looks(person, name or address, dark=dark)

    def looks(self, person: Person, name: str, *, dark: bool = False) -> None:
        """The page at every width; in the dark scheme too where the page is in the sample."""
        page, faults = person.page, []
        faults += self._skip_link(person)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.evaluate(TO_THE_END)
            faults += [f"{width} px: {fault}" for fault in violations(page)]
            if (excess := overflow(page)) > 0:
                faults.append(f"{width} px: scrolls {excess} px sideways")
        if dark:
            page.emulate_media(color_scheme="dark")
            faults += [f"dark: {fault}" for fault in violations(page, OF_COLOURS)]
            page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        faults += person.complaints
        person.complaints.clear()
        self.faults += [f"{name}: {fault}" for fault in faults]

    @staticmethod
    def _skip_link(person: Person) -> list[str]:
        """The first Tab stop of a page that was just opened leads to its content."""
        page = person.page
        page.evaluate("document.activeElement.blur()")
        first = page.locator(":is(a, button, input, summary)").first
        if first.inner_text() != SKIP_LINK:
            return ["the first stop is no skip link"]
        first.press("Enter")
        at = page.evaluate("document.activeElement.tagName")
        return [] if at == "MAIN" else [f"the skip link leads to {at}"]
