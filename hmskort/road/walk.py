"""Each step of the road, and who takes it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hmskort.common import clock
from hmskort.road.pictures import Picture
from hmskort.road.visitor import Stopped, Visitor
from hmskort.simulators import world
from hmskort.simulators.world.build import DemonstrationWorld

TEST_CARD = "4925000000000004"
PATIENCE_S = 120.0
ORDERER = {"email": "bestiller@veien.example", "phone": "400 00 001"}
COMPANIES = (
    # who leads it, its case in the world
    ("Kari", "Byggmester AS"),
    ("leader of many", "roofer"),
    ("leader of many", "painter"),
    ("leader of many", "demolition"),
)


@dataclass(frozen=True)
class Evidence:
    """The three files of the worker."""

    portrait: Picture
    signature: Picture
    id_copy: Picture


@dataclass
class Road:
    """What is known so far on the way from login to *gyldig*."""

    base_url: str
    simulators_url: str
    cards: Path
    evidence: Evidence
    tell: Callable[[str], None]
    leader: Visitor = field(init=False)
    order: str = ""
    line: str = ""
    card_number: str = ""
    uid: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    def walk(self) -> dict[str, object]:
        """All the steps; what the last line of the command says.

        Raises:
            Stopped: the road breaks; the message says where.
        """
        today = world.on(clock.today())
        self._step("login and order", lambda: self._start(today))
        self._step("registers", self._await_registers)
        self._step("evidence", self._upload)
        self._step("delivery and payment", self._pay)
        self._step("receipt", self._await_receipt)
        self._step("review", lambda: self._review(today))
        self._step("issue", self._await_card)
        self._step("production and chip", self._await_chip)
        self._step("dispatch", lambda: self._send(today))
        check = self._step("public check", self._check)
        return {
            "card_number": self.card_number,
            "uid": self.uid,
            "order": self.order,
            "check": check,
            "base_url": self.base_url,
            "seconds": self.seconds,
        }

    def _step(self, name: str, take: Callable[[], object]) -> object:
        began = time.monotonic()
        try:
            result = take()
        except Stopped as where:
            raise Stopped(f"{name}: {where}") from where
        self.seconds[name] = round(time.monotonic() - began, 2)
        self.tell(f"{self.seconds[name]:7.2f} s  {name}")
        return result

    def log_in(self, today: DemonstrationWorld, case: str, address: str) -> Visitor:
        """A person of the world with the portal's page at `address` in front of them."""
        person = today.person(case)
        visitor = Visitor(person.name, self.base_url)
        visitor.open(self.base_url + address)
        visitor.submit("/logg-inn/", without="language")
        visitor.must_be_at(self.simulators_url)
        visitor.submit("", {"person": person.national_id, "typed": person.national_id})
        visitor.must_be_at(self.base_url)
        return visitor

    def _start(self, today: DemonstrationWorld) -> None:
        """A worker who has no card yet, and does not order it themselves, is in a cart."""
        for case, company_case in COMPANIES:
            company = today.company(company_case)
            leader, own = self.log_in(today, case, "/velg-virksomhet/"), today.person(case)
            _choose(leader, company.orgnr)
            for worker in today.employees(company):
                if worker != own and self._ordered(leader, worker.national_id):
                    return
        raise Stopped(
            "everyone who could have a card has one; start a portal with new data (--data)"
        )

    def _ordered(self, leader: Visitor, national_id: str) -> bool:
        leader.open(self.base_url + "/bestill/?kort_type=bygg")
        leader.submit(
            "/bestill/", {"kort_type": "bygg", "numbers": national_id}, without="language"
        )
        if "/bli-bestiller/" in leader.url:
            leader.submit("/bli-bestiller/", ORDERER, without="language")
        if "/bestilling/" not in leader.url:
            return False
        self.leader, self.order = leader, leader.url.rstrip("/").rpartition("/")[2]
        files = [link for link in leader.links if link.endswith("/filer/")]
        if len(files) != 1:
            raise Stopped(f"the cart {self.order} holds others; empty it and try again")
        self.line = files[0].split("/")[-3]
        return True

    def _await_registers(self) -> None:
        def settled() -> bool:
            self.leader.open(f"{self.base_url}/bestilling/{self.order}/")
            return "alle er i orden" in self.leader.words

        self._until(settled, lambda: f"the registers do not say yes: {self.leader.words[:600]}")

    def _upload(self) -> None:
        address = f"{self.base_url}/bestilling/{self.order}/{self.line}/filer/"
        for name, picture in (
            ("portrait", self.evidence.portrait),
            ("signature", self.evidence.signature),
            ("id_copy", self.evidence.id_copy),
        ):
            self.leader.open(address)
            file = (picture.name, picture.content, picture.content_type)
            self.leader.submit("/filer/", files={name: file}, without="language")
            self.leader.must_be_at("/filer/")

    def _pay(self) -> None:
        order = f"{self.base_url}/bestilling/{self.order}"
        self.leader.open(f"{order}/levering/")
        self.leader.submit(
            "/levering/",
            {
                "where": "ny",
                "deliver_to": "Byggmester AS",
                "street": "Hammersborggata 12",
                "postal_code": "0181",
                "city": "Oslo",
                "contact_email": f"{self.order.lower()}@bestiller.example",
            },
            without="language",
        )
        self.leader.must_be_at("/betal/")
        self.leader.submit("/betal/", {"method": "nexi", "declared": "on"}, without="language")
        self.leader.must_be_at(self.simulators_url)
        self.leader.submit("", {"card": TEST_CARD, "do": "pay"})

        def paid() -> bool:
            self.leader.open(f"{self.base_url}/bestillinger/{self.order}/")
            return "/bestillinger/" in self.leader.url

        self._until(paid, lambda: f"the order is not paid: {self.leader.words[:300]}")

    def _await_receipt(self) -> None:
        address = f"{self.order.lower()}@bestiller.example"

        def arrived() -> bool:
            inbox = self.leader.json(f"{self.simulators_url}/inbox/messages.json?to={address}")
            return self.order in str(inbox)

        self._until(arrived, lambda: f"no receipt to {address}")

    def _review(self, today: DemonstrationWorld) -> None:
        """The reviewer takes cases until ours comes; the others are put back."""
        reviewer = self.log_in(today, "reviewer", "/kontroll/")
        reviewer.open(self.base_url + "/kontroll/")
        reviewer.submit("/kontroll/neste/")
        seen: set[str] = set()
        while f"/kontroll/{self.line}/" not in reviewer.url:
            if reviewer.url in seen or reviewer.url.endswith("/kontroll/"):
                raise Stopped(f"line {self.line} is not in the queue: {reviewer.words[:300]}")
            seen.add(reviewer.url)
            reviewer.submit("/avgjor/", to=f"{reviewer.url}legg-tilbake/")
        reviewer.submit("/avgjor/", {"decision": "godkjenn"})

    def _await_card(self) -> None:
        prefix = f"{self.base_url}/kort/"

        def issued() -> bool:
            self.leader.open(f"{self.base_url}/bestillinger/{self.order}/")
            numbers = [
                link.removeprefix(prefix).strip("/")
                for link in self.leader.links
                if link.startswith(prefix) and link.removeprefix(prefix).strip("/").isdigit()
            ]
            self.card_number = numbers[0] if numbers else ""
            return bool(numbers)

        self._until(issued, lambda: f"no card was issued: {self.leader.words[:400]}")

    def _await_chip(self) -> None:
        self._until(
            lambda: self._status() == "valid",
            lambda: f"the chip was not written: the check says {self._status()}",
        )
        image = (self.cards / f"{self.card_number}.mfd").read_bytes()
        self.uid = image[:4].hex().upper()

    def _send(self, today: DemonstrationWorld) -> None:
        """Production marks the letter as sent."""
        producer = self.log_in(today, "producer", "/produksjon/")
        producer.open(self.base_url + "/produksjon/")
        for batch in [link for link in producer.links if "/produksjon/parti/" in link]:
            producer.open(batch)
            if _grouped(self.card_number) in producer.words.replace("\N{NO-BREAK SPACE}", " "):
                producer.open(batch.rstrip("/") + "/sendt/")
                producer.submit("/sendt/", without="language")
                producer.must_be_at("/produksjon/")
                return
        raise Stopped(f"card {self.card_number} is in no batch")

    def _check(self) -> str:
        """Anyone asks by the number on the front page's form."""
        anyone = Visitor("anyone", self.base_url)
        anyone.open(self.base_url + "/")
        anyone.submit("/sjekk/", {"number": self.card_number})
        status = self._status()
        if "gyldig" not in anyone.words.lower() or status != "valid":
            raise Stopped(f"the public check says {status}: {anyone.words[:300]}")
        return status

    def _status(self) -> str:
        anyone = Visitor("anyone", self.base_url)
        return str(anyone.json(f"/api/check/{self.card_number}")["status"])

    def _until(self, settled: Callable[[], bool], otherwise: Callable[[], str]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not settled():
            if time.monotonic() > deadline:
                raise Stopped(otherwise())
            time.sleep(0.3)


def _choose(leader: Visitor, orgnr: str) -> None:
    leader.open(leader.base_url + "/velg-virksomhet/")
    leader.submit("/velg-virksomhet/", {"orgnr": orgnr}, has="orgnr")


def _grouped(number: str) -> str:
    return f"{number[:4]} {number[4:]}"
