"""The people in a storm: they order, pay, mend, withdraw and review, and try again what failed."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from hmskort.common import clock
from hmskort.road.visitor import Stopped, Visitor
from hmskort.road.walk import TEST_CARD
from hmskort.simulators import world
from orders.payments.nexi.simulator.books import DECLINED, NO_CHARGE, NO_REFUND
from tests.processes.ordering import ADDRESS, FILES, LEADERS
from tests.processes.portal import Portal
from tests.processes.storm.eyes import Eyes

PATIENCE_S = 1_200.0  # of a storm's people: they are interrupted all the time
# What a payer does at the payment page, of a hundred.
PAYS = {TEST_CARD: 82, NO_REFUND: 4, NO_CHARGE: 6, DECLINED: 4, "turns back": 4}
PEOPLE_IN_ORDER = {1: 4, 2: 4, 3: 3, 4: 1, 5: 1}
REFUSED = 0.22  # of what a reviewer sees
WITHDRAWN = 0.05  # of those in review
MENDED = 0.7  # of the refused; the others are withdrawn
UNDER_WAY = ("in_review", "refused")


class GaveUp(Exception):
    """Somebody tried for very long; `str` says what."""


@dataclass
class Plan:
    """What the crowd is to do, and what has come of it."""

    orders: int
    seed: int
    companies: dict[str, dict]
    stop: threading.Event = field(default_factory=threading.Event)  # nothing new is begun
    home: threading.Event = field(default_factory=threading.Event)  # everybody goes home
    accepted: set[str] = field(default_factory=set)  # orders whose receipt somebody saw
    late: set[str] = field(default_factory=set)  # orders whose last day was made to be over
    begun: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_order(self) -> bool:
        with self.lock:
            self.begun += not self.stop.is_set() and self.begun < self.orders
            return not self.stop.is_set() and self.begun <= self.orders


class Somebody(threading.Thread):
    """A person with a browser who does not give up at once."""

    def __init__(self, portal: Portal, eyes: Eyes, plan: Plan, name: str, case: str) -> None:
        super().__init__(name=name, daemon=True)
        self.portal, self.eyes, self.plan = portal, eyes, plan
        self._case = case
        self._random = random.Random(f"{plan.seed} {name}")
        self.visitor: Visitor | None = None
        self._browsers: list[Visitor] = []
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.plan.home.is_set():
                self.once()
        except BaseException as trouble:  # noqa: BLE001 - told by who waits for this thread
            self.trouble = trouble
        finally:
            for browser in self._browsers:
                browser.close()

    def once(self) -> None:
        raise NotImplementedError

    def until(self, done: Callable[[], bool], what: str) -> None:
        """`done` was tried, however the portal answered, until it was true."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.tried(done):
            if time.monotonic() > deadline:
                page = self.visitor and f"{self.visitor.url}: {self.visitor.words[:300]}"
                raise GaveUp(f"{self.name}: {what}: {page}")
            if self.plan.home.is_set():
                return
            time.sleep(0.3)

    def tried(self, step: Callable[[], object]) -> bool:
        try:
            return bool(step())
        except Stopped:
            return False

    def here(self) -> Visitor:
        """The browser, logged in."""
        if self.visitor is None:
            visitor = Visitor(self.name, self.portal.site.base_url)
            self._browsers.append(visitor)
            person = world.on(clock.today()).person(self._case)
            visitor.open(f"{visitor.base_url}/velg-virksomhet/")
            visitor.submit("/logg-inn/", without="language")
            visitor.must_be_at(self.portal.site.simulators_url)
            number = person.national_id
            visitor.submit("", {"person": number, "typed": number})
            visitor.must_be_at(self.portal.site.base_url)
            self.visitor = visitor
        return self.visitor

    def open(self, path: str) -> Visitor:
        """The page at that path; who was logged out meanwhile logs in again."""
        visitor = self.here()
        visitor.open(visitor.base_url + path)
        if "/logg-inn" in visitor.url:
            self.visitor = None
            raise Stopped(f"{self.name} is logged out")
        return visitor


class Orderer(Somebody):
    """Orders for one company, and sees to what becomes of it."""

    def __init__(self, portal: Portal, eyes: Eyes, plan: Plan, case: str) -> None:
        super().__init__(portal, eyes, plan, case, LEADERS[case])
        company = plan.companies[case]
        self._orgnr, self._idle = company["orgnr"], list(company["people"])

    def here(self) -> Visitor:
        fresh = self.visitor is None
        visitor = super().here()
        if fresh:
            self.visitor = None
            visitor.open(f"{visitor.base_url}/velg-virksomhet/")
            visitor.submit("/velg-virksomhet/", {"orgnr": self._orgnr}, has="orgnr")
            self.visitor = visitor
        return visitor

    def once(self) -> None:
        if self._idle and self.plan.next_order():
            self._order()
        elif cart := self._cart():  # who came back because their price could not be taken
            self._pay_for(cart)
        self._see_to_lines()
        time.sleep(0.5)

    def is_done(self) -> bool:
        """Has every line of the company ended?"""
        open_lines = "SELECT 1 FROM orders_line WHERE orgnr = %s AND state = ANY(%s) LIMIT 1"
        return not self.eyes.rows(open_lines, self._orgnr, ["draft", *UNDER_WAY])

    def _order(self) -> None:
        (many,) = self._random.choices(list(PEOPLE_IN_ORDER), list(PEOPLE_IN_ORDER.values()))
        people = [self._idle.pop() for _ in range(min(many, len(self._idle)))]
        known = "SELECT count(*) FROM orders_line WHERE orgnr = %s AND state = 'draft'"

        def put_in_the_cart() -> bool:
            if self.eyes.column(known, self._orgnr)[0] >= len(people):
                return True
            page = self.open("/bestill/?kort_type=bygg")
            told = {"kort_type": "bygg", "numbers": "\n".join(people)}
            page.submit("/bestill/", told, without="language")
            return "/bestilling/" in page.url

        self.until(put_in_the_cart, "people in the cart")
        if cart := self._cart():
            self._pay_for(cart)

    def _cart(self) -> str:
        """The company's order with drafts that is not paid for."""
        sql = (
            "SELECT o.reference FROM orders_order o WHERE o.orgnr = %s"
            " AND o.state IN ('cart', 'paying') AND EXISTS (SELECT 1 FROM orders_line l"
            " WHERE l.order_id = o.id AND l.state = 'draft') ORDER BY o.created_at LIMIT 1"
        )
        return next(iter(self.eyes.column(sql, self._orgnr)), "")

    def _pay_for(self, reference: str) -> None:
        self.until(lambda: self._are_met(reference), f"the registers answer for {reference}")
        self.until(lambda: self._have_files(reference), f"the files of {reference}")
        self.until(lambda: self._is_paid(reference), f"{reference} is paid for")
        self.until(lambda: self._has_receipt(reference), f"the receipt of {reference}")

    def _are_met(self, reference: str) -> bool:
        sql = (
            "SELECT v.outcome FROM orders_line l JOIN orders_order o ON o.id = l.order_id"
            " LEFT JOIN registers_verdict v ON v.id = l.verdict_id"
            " WHERE o.reference = %s AND l.state = 'draft'"
        )
        return set(self.eyes.column(sql, reference)) <= {"met"}

    def _have_files(self, reference: str) -> bool:
        sql = (
            "SELECT l.reference FROM orders_line l JOIN orders_order o ON o.id = l.order_id"
            " WHERE o.reference = %s AND l.state = 'draft' AND (l.portrait_id IS NULL"
            " OR l.signature_id IS NULL OR l.id_copy_id IS NULL) LIMIT 1"
        )
        for line in self.eyes.column(sql, reference):
            self._upload(reference, line, FILES)
            return False
        return True

    def _upload(self, reference: str, line: str, files: dict) -> None:
        page = self.open(f"/bestilling/{reference}/{line}/filer/")
        page.submit("/filer/", files=files, has="csrfmiddlewaretoken", without="language")

    def _state(self, reference: str) -> str:
        sql = "SELECT state FROM orders_order WHERE reference = %s"
        return self.eyes.column(sql, reference)[0]

    def _is_paid(self, reference: str) -> bool:
        if self._state(reference) not in {"cart", "paying"} or not self._cart_has(reference):
            return True
        page = self.open(f"/bestilling/{reference}/levering/")
        if "/levering/" in page.url:
            page.submit("/levering/", ADDRESS, without="language")
        page = self.open(f"/bestilling/{reference}/betal/")
        outside = self.portal.site.simulators_url
        begun = next((link for link in page.links if link.startswith(outside)), "")
        if begun:  # a payment that was interrupted is gone on with
            page.open(begun)
        else:
            page.submit("/betal/", {"method": "nexi", "declared": "on"}, without="language")
        if not page.url.startswith(outside):
            return False
        (act,) = self._random.choices(list(PAYS), list(PAYS.values()))
        if act == "turns back":
            page.submit("", {"do": "cancel"})
        else:
            page.submit("", {"card": act, "do": "pay"})
        return self._state(reference) not in {"cart", "paying"}

    def _cart_has(self, reference: str) -> bool:
        sql = (
            "SELECT 1 FROM orders_line l JOIN orders_order o ON o.id = l.order_id"
            " WHERE o.reference = %s AND l.state = 'draft' LIMIT 1"
        )
        return bool(self.eyes.rows(sql, reference))

    def _has_receipt(self, reference: str) -> bool:
        if self._state(reference) not in {"submitted", "completed"}:
            return self._state(reference) in {"cart", "cancelled"}  # became another's
        page = self.open(f"/bestillinger/{reference}/")
        if page.status != 200 or f"/bestillinger/{reference}/" not in page.url:
            return False
        self.plan.accepted.add(reference)
        return True

    def _see_to_lines(self) -> None:
        """What was refused is mended or withdrawn; now and then somebody changes their mind."""
        sql = (
            "SELECT o.reference, l.reference, l.state FROM orders_line l"
            " JOIN orders_order o ON o.id = l.order_id WHERE l.orgnr = %s AND l.state = ANY(%s)"
        )
        for order, line, state in self.eyes.rows(sql, self._orgnr, list(UNDER_WAY)):
            if state == "refused" and self._random.random() < MENDED:
                self.tried(partial(self._upload, order, line, FILES))
            elif state == "refused" or self._random.random() < WITHDRAWN:
                self.tried(partial(self._withdraw, order, line))

    def _withdraw(self, order: str, line: str) -> None:
        page = self.open(f"/bestillinger/{order}/{line}/trekk/")
        page.submit("/trekk/", without="language")


class Reviewer(Somebody):
    """Approves most of what waits, and refuses the photo of some."""

    def __init__(self, portal: Portal, eyes: Eyes, plan: Plan) -> None:
        super().__init__(portal, eyes, plan, "reviewer", "reviewer")

    def once(self) -> None:
        if not self.tried(self._decide_some):
            time.sleep(1.0)

    def _decide_some(self) -> bool:
        page = self.open("/kontroll/")
        page.submit("/kontroll/neste/")
        decided = 0
        while "/kontroll/" in page.url and not page.url.endswith("/kontroll/"):
            if self.plan.home.is_set():
                return True
            refuses = self._random.random() < REFUSED
            told = {"decision": "avvis", "portrait": "blurred"} if refuses else {}
            page.submit("/avgjor/", told or {"decision": "godkjenn"})
            decided += 1
            if page.status >= 400:
                return False
        return decided > 0


class Days(threading.Thread):
    """For some of the orders the last day on which their cards were to be sent is over.

    The hours pass too until a bank that refused to pay for postage is asked again.
    """

    def __init__(self, eyes: Eyes, plan: Plan) -> None:
        super().__init__(name="days", daemon=True)
        self._eyes, self._plan = eyes, plan
        self._random = random.Random(f"{plan.seed} days")
        self._seen: set[str] = set()

    def run(self) -> None:
        while not self._plan.home.is_set():
            self.pass_for_some()
            time.sleep(1.0)

    def pass_for_some(self) -> None:
        ended = "SELECT reference FROM orders_order WHERE state = 'completed'"
        for reference in self._eyes.column(ended):
            if reference not in self._seen and self._random.random() < 0.4:
                self._plan.late.add(reference)
            self._seen.add(reference)
        for reference in self._plan.late:
            self._make_late(reference)
        self._eyes.do(
            "UPDATE common_effect SET due_at = now() WHERE state = 'waiting' AND due_at > now()"
            " AND in_hand_since IS NULL AND error LIKE ANY(%s)",
            ["TryLater: refused%", "TryLater: captures of the same payment%"],
        )

    def _make_late(self, reference: str) -> None:
        """Twice is as once."""
        self._eyes.do(
            "UPDATE orders_line SET send_by = current_date - 7 WHERE state = 'issued'"
            " AND order_id = (SELECT id FROM orders_order WHERE reference = %s)"
            " AND send_by > current_date - 7",
            reference,
        )
        self._eyes.do(
            "UPDATE common_effect SET due_at = now() WHERE event = 'order:promise_ended'"
            " AND payload->>'order' = %s AND state = 'waiting' AND attempts = 0"
            " AND due_at > now()",
            reference,
        )
