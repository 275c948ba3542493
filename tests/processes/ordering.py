"""Orders as people place them, in the browser of somebody who runs no scripts."""

from dataclasses import dataclass, field

from hmskort.common import clock
from hmskort.road import pictures
from hmskort.road.visitor import Visitor
from hmskort.road.walk import TEST_CARD
from hmskort.simulators import world
from tests.processes.portal import Portal

ORDERER = {"email": "bestiller@veien.example", "phone": "400 00 001"}
LEADERS = {
    "Byggmester AS": "Kari",
    "roofer": "leader of many",
    "painter": "leader of many",
    "demolition": "leader of many",
}
ADDRESS = {
    "where": "ny",
    "deliver_to": "Mottaket",
    "street": "Hammersborggata 12",
    "postal_code": "0181",
    "city": "Oslo",
    "contact_email": "mottaket@bestiller.example",
}
FILES = {
    name: (picture.name, picture.content, picture.content_type)
    for name, picture in (
        ("portrait", pictures.drawn_portrait()),
        ("signature", pictures.drawn_signature()),
        ("id_copy", pictures.drawn_id()),
    )
}


@dataclass
class Town:
    """The people who use the portal, each logged in once, and whom nobody has ordered for yet."""

    portal: Portal
    visitors: dict[str, Visitor] = field(default_factory=dict)
    idle: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self):
        self.today = world.on(clock.today())

    def visitor(self, case: str) -> Visitor:
        if case not in self.visitors:
            person = self.today.person(case)
            visitor = Visitor(person.name, self.portal.site.base_url)
            visitor.open(f"{visitor.base_url}/velg-virksomhet/")
            visitor.submit("/logg-inn/", without="language")
            visitor.must_be_at(self.portal.site.simulators_url)
            visitor.submit("", {"person": person.national_id, "typed": person.national_id})
            self.visitors[case] = visitor
        return self.visitors[case]

    def leader(self, company: str) -> Visitor:
        """Whoever leads the company, acting for it."""
        leader = self.visitor(LEADERS[company])
        leader.open(f"{leader.base_url}/velg-virksomhet/")
        leader.submit(
            "/velg-virksomhet/", {"orgnr": self.today.company(company).orgnr}, has="orgnr"
        )
        return leader

    def some_of(self, company: str, many: int) -> list[str]:
        """Identity numbers of employees who have not been ordered for before."""
        if company not in self.idle:
            staff = self.today.employees(self.today.company(company))
            self.idle[company] = [
                person.national_id for person in staff if not person.former_numbers
            ]
        return [self.idle[company].pop() for _ in range(many)]

    def order(self, company: str, people: int = 1) -> "Order":
        """A cart with that many people; their registers are being asked."""
        leader = self.leader(company)
        leader.open(f"{leader.base_url}/bestill/?kort_type=bygg")
        numbers = "\n".join(self.some_of(company, people))
        leader.submit("/bestill/", {"kort_type": "bygg", "numbers": numbers}, without="language")
        if "/bli-bestiller/" in leader.url:
            leader.submit("/bli-bestiller/", ORDERER, without="language")
        leader.must_be_at("/bestilling/")
        return Order(self, leader, leader.url.rstrip("/").rpartition("/")[2])

    def paid(self, company: str, people: int = 1) -> "Order":
        """An order that is paid for and waits for review."""
        order = self.order(company, people)
        order.await_registers()
        order.upload()
        order.pay()
        return order

    def review(self, enough=lambda: False) -> None:
        """The reviewer approves what waits, until there is nothing more or it is enough."""
        reviewer = self.visitor("reviewer")
        reviewer.open(f"{reviewer.base_url}/kontroll/")
        reviewer.submit("/kontroll/neste/")
        while not (reviewer.url.endswith("/kontroll/") or enough()):
            reviewer.submit("/avgjor/", {"decision": "godkjenn"})

    def close(self) -> None:
        for visitor in self.visitors.values():
            visitor._client.close()


@dataclass
class Order:
    """One order and what the database says of it."""

    town: Town
    leader: Visitor
    reference: str

    @property
    def portal(self) -> Portal:
        return self.town.portal

    @property
    def _address(self) -> str:
        return f"{self.leader.base_url}/bestilling/{self.reference}"

    def await_registers(self) -> None:
        self.portal.until(lambda: self.outcomes() == {"met"}, "every requirement is met")

    def upload(self) -> None:
        for line in self.of_lines("reference"):
            self.leader.open(f"{self._address}/{line}/filer/")
            self.leader.submit(
                "/filer/", files=FILES, has="csrfmiddlewaretoken", without="language"
            )
            self.leader.must_be_at("/filer/")

    def pay(self) -> None:
        self.leader.open(f"{self._address}/levering/")
        self.leader.submit("/levering/", ADDRESS, without="language")
        self.leader.must_be_at("/betal/")
        self.leader.submit("/betal/", {"method": "nexi", "declared": "on"}, without="language")
        self.leader.must_be_at(self.portal.site.simulators_url)
        self.leader.submit("", {"card": TEST_CARD, "do": "pay"})
        self.portal.until(lambda: self.states() == {"in_review"}, "the order is paid for")

    def issue(self) -> list[str]:
        """The numbers of the cards; somebody must have approved the lines."""
        self.portal.until(lambda: self.states() == {"issued"}, "a card is issued for each line")
        return self.numbers()

    def of_lines(self, column: str) -> list:
        """A column of the order's lines, in their order."""
        whole = (
            "SELECT l.* FROM orders_line l JOIN orders_order o ON o.id = l.order_id"
            " WHERE o.reference = %s ORDER BY l.position"
        )
        return self.portal.column_of(column, whole, self.reference)

    def states(self) -> set[str]:
        return set(self.of_lines("state"))

    def outcomes(self) -> set[str]:
        """What the newest verdict of each line says."""
        verdicts = self.of_lines("verdict_id")
        sql = "SELECT outcome FROM registers_verdict WHERE id = ANY(%s)"
        return set(self.portal.column(sql, verdicts))

    def numbers(self) -> list[str]:
        sql = "SELECT number FROM cards_card WHERE id = ANY(%s) ORDER BY number"
        return self.portal.column(sql, self.of_lines("card_id"))

    def card_states(self) -> set[str]:
        sql = "SELECT state FROM cards_card WHERE id = ANY(%s)"
        return set(self.portal.column(sql, self.of_lines("card_id")))

    def jobs(self, column: str) -> list:
        """A column of the chip jobs of the order's cards."""
        whole = "SELECT * FROM production_chipjob WHERE card_id = ANY(%s) ORDER BY card_id"
        return self.portal.column_of(column, whole, self.of_lines("card_id"))

    def batches(self, *, of: int) -> list[int]:
        """The batches of the order's cards once that many are in one; before, none."""
        batches = self.jobs("batch_id")
        return sorted(set(batches)) if len(batches) == of and all(batches) else []

    def events(self, name: str) -> int:
        """How often it happened to the order's cards."""
        sql = "SELECT count(*) FROM audit_event WHERE name = %s AND subject_id = ANY(%s)"
        return self.portal.value(sql, name, [str(card) for card in self.of_lines("card_id")])

    def _payment(self, column: str):
        whole = (
            "SELECT p.* FROM payments_payment p JOIN orders_order o ON o.payment_id = p.id"
            " WHERE o.reference = %s"
        )
        return self.portal.column_of(column, whole, self.reference)[0]

    def ledger(self, kind: str) -> list[int]:
        """The amounts that our own ledger holds of that kind."""
        sql = "SELECT amount_ore FROM payments_ledgerentry WHERE payment_id = %s AND kind = %s"
        return self.portal.column(sql, self._payment("id"), kind)

    def book_as_kept(self) -> dict:
        """The payment service's book of the order, whatever fault its site has."""
        sql = "SELECT body FROM simulators_document WHERE collection = 'nexi.payments' AND key = %s"
        return self.portal.value(sql, self._payment("provider_id"))

    def book(self) -> dict:
        """The payment service's book of the order, as it shows it."""
        payment = self._payment("provider_id")
        address = f"{self.portal.site.simulators_url}/nexi/_books/{payment}.json"
        return self.portal.http.get(address).json()

    def charged(self) -> list[str]:
        """What the payment service has charged for, item by item."""
        charges = self.book()["charges"]
        return sorted(item["reference"] for charge in charges for item in charge["orderItems"])

    def must_be_paid_once(self) -> None:
        """Each card and the postage were charged once, nothing is left, and our ledger agrees."""
        book = self.book()
        assert self.charged() == sorted([*self.of_lines("reference"), f"{self.reference}-P"])
        amounts = sorted(charge["amount"] for charge in book["charges"])
        assert amounts == sorted(self.ledger("captured"))
        assert sum(amounts) == self._payment("amount_ore")
        assert (book["left"], book["refunds"]) == (0, [])
