"""About 150 cards of the demonstration world, in every state, made by the portal's own actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from cards import actions, judging
from cards.actions import Former, NotInOrder
from cards.demonstration_pictures import scribble, silhouette
from cards.models import Card
from cards.states import BlockReason
from hmskort.audit.actor import Actor, ActorKind, Channel
from hmskort.common import clock
from hmskort.common.simulation import World, WorldCompany, WorldPerson
from hmskort.common.transactions import owns_transaction
from registers import approvals, lookups
from registers.models import CardKind, Company, Person
from registers.persons import people_for
from registers.requirements.judge import judge, questions_for

LOADER = Actor(ActorKind.SYSTEM, channel=Channel.COMMAND)
DRAWINGS = 15
CROWD = "#"  # in the case of somebody without a story; the others are left free to be ordered for
# Company, how many of its crowd have a card, card kind. The first of the crowd may lead it.
HOLDERS: tuple[tuple[str, int, str], ...] = (
    ("Byggmester AS", 18, "bygg"),
    ("large", 36, "bygg"),
    ("groundwork", 12, "bygg"),
    ("blasting", 8, "bygg"),
    ("electrician", 8, "bygg"),
    ("roofer", 6, "bygg"),
    ("painter", 6, "bygg"),
    ("demolition", 6, "bygg"),
    ("long name", 6, "bygg"),
    ("NUF", 8, "bygg"),
    ("ENK", 2, "bygg"),
    ("not VAT registered", 3, "bygg"),
    ("bankrupt", 4, "bygg"),
    ("cleaning", 24, "renhold"),
    ("cleaning not in Foretaksregisteret", 2, "renhold"),
)
# People with a story whose card tells it: two employers, and one who has left.
STORIES = (
    ("two employers", "Byggmester AS"),
    ("two employers", "groundwork"),
    ("employment ended", "Byggmester AS"),
)
NEW = ("Byggmester AS", 4)  # the last of its holders get a card now, through production
BLOCKED = {4: BlockReason.LEFT, 11: BlockReason.DAMAGED, 19: BlockReason.WRONG}
OURS = "demonstration:"  # how the keys of these cards begin
EACH = 24  # one card of so many is in each of the states above


@dataclass(frozen=True)
class Wanted:
    """One card to be made. place: its number in the whole; new: through production."""

    place: int
    person: WorldPerson
    company: WorldCompany
    kind: str
    new: bool = False

    @property
    def key(self) -> str:
        return f"{OURS}{self.company.orgnr}:{self.person.case}"[:60]


def load(world: World) -> str:
    """The cards exist, as the registers judge them today; again makes no difference."""
    wanted = list(_wanted(world))
    made = set(Card.objects.filter(issue_key__startswith=OURS).values_list("issue_key", flat=True))
    missing = [each for each in wanted if each.key not in made]
    rows = people_for([each.person.national_id for each in missing])
    people = {each.person.case: row for each, row in zip(missing, rows, strict=True)}
    _ask(missing, people)
    for each in missing:
        _make(each, people[each.person.case], world.today)
    if missing:  # at once: what the registers say of them all is one question
        judging.judge(cards=Card.objects.filter(issue_key__startswith=OURS))
    return f"{len(wanted)} cards, {len(missing)} new"


def _wanted(world: World) -> Iterator[Wanted]:
    places = count()
    for case, many, kind in HOLDERS:
        company = world.company(case)
        crowd = [person for person in world.employees(company) if CROWD in person.case]
        for number, person in enumerate(crowd[1 : many + 1] or crowd, 1):
            new = case == NEW[0] and number > many - NEW[1]
            yield Wanted(next(places), person, company, kind, new)
    for who, case in STORIES:
        yield Wanted(next(places), world.person(who), world.company(case), "bygg")


@owns_transaction
def _want(missing: list[Wanted], people: dict[str, Person]) -> None:
    groups: dict[tuple[str, str], list[Person]] = {}
    for each in missing:
        group = groups.setdefault((each.company.orgnr, each.kind), [])
        group.append(people[each.person.case])
    kinds = CardKind.objects.in_bulk()
    for (orgnr, kind), group in groups.items():
        questions = questions_for(group, orgnr, kinds[kind])
        lookups.want(questions, not_older_than=clock.now() - lookups.FRESH_ENOUGH)


def _ask(missing: list[Wanted], people: dict[str, Person]) -> None:
    """The registers have said what they know of everybody who is to have a card."""
    if not missing:
        return
    for register in approvals.REGISTERS:
        approvals.read(register)
    for _ in range(2):  # what was answered first may show that another register is needed
        _want(missing, people)
        while lookups.ask_due():
            pass


def _make(wanted: Wanted, person: Person, today: date) -> None:
    person.refresh_from_db()
    company = Company.objects.filter(pk=wanted.company.orgnr).first()
    if company is None or person.birth_date is None:
        return  # the register did not answer; the next start tries again
    if wanted.new:
        _issue(wanted, person, company, today)
        return
    card = _take_over(wanted, person, company, today)
    reason = BLOCKED.get(wanted.place % EACH)
    if reason:
        actions.block(card=card, reason=reason, actor=LOADER)


@owns_transaction
def _take_over(wanted: Wanted, person: Person, company: Company, today: date) -> Card:
    return actions.take_over(
        issue_key=wanted.key,
        former=Former(str(4_100_000 + wanted.place * 7_919 % 900_000), _issued_on(wanted, today)),
        kind=CardKind.objects.get(code=wanted.kind),
        person=person,
        company=company,
        portrait=silhouette(wanted.place % DRAWINGS),
        signature=scribble(wanted.place % DRAWINGS),
        actor=LOADER,
    )


@owns_transaction
def _issue(wanted: Wanted, person: Person, company: Company, today: date) -> Card | None:
    kind = CardKind.objects.get(code=wanted.kind)
    verdict = judge(person=person, orgnr=company.orgnr, kind=kind, on=today)
    try:
        return actions.issue(
            issue_key=wanted.key,
            kind=kind,
            person=person,
            company=company,
            verdict=verdict,
            portrait=silhouette(wanted.place % DRAWINGS),
            signature=scribble(wanted.place % DRAWINGS),
            ordered_on=today,
            delivery={
                "shipment": f"demonstration:{company.orgnr}",
                "address": [company.name, *company.street, f"{company.postal_code} {company.city}"],
            },
            actor=LOADER,
        )
    except NotInOrder:
        return None


def _issued_on(wanted: Wanted, today: date) -> date:
    """Most are in the middle of their two years; some have run out, some soon will."""
    spread = wanted.place * 37
    match wanted.place % 12:
        case 0:
            days = 735 + spread % 120
        case 1:
            days = 645 + spread % 80
        case _:
            days = 12 + spread % 600
    return today - timedelta(days=days)
