"""A storm: orders are paid, reviewed, captured, released and refunded while everything dies."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from hmskort.local.places import PYTHON, ROOT
from hmskort.local.site import WORKER_PROCESSES
from tests.processes.ordering import LEADERS
from tests.processes.portal import Portal
from tests.processes.storm.crowd import Days, Orderer, Plan, Reviewer, Somebody
from tests.processes.storm.evidence import Evidence, gather, waiting
from tests.processes.storm.eyes import Eyes
from tests.processes.storm.invariants import violations
from tests.processes.storm.tampering import unnoticed
from tests.processes.storm.weather import Weather

REST_WITHIN_S = 60.0
REST_PATIENCE_S = 240.0
ENDS_WITHIN_S = 900.0


@dataclass
class Outcome:
    """What came of a storm."""

    evidence: Evidence
    dealt: Counter
    stormed_s: float
    rested_s: float  # from the last fault until nothing waited, by itself
    violations: list[tuple[int, str]]
    unnoticed: list[str]  # tamperings that the checks do not see
    lines: Counter = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        return not (self.violations or self.unnoticed) and self.rested_s <= REST_WITHIN_S


@dataclass(frozen=True)
class Size:
    """How big a storm is."""

    faults: int
    orders: int
    seed: int
    people: int


def storm(portal: Portal, size: Size, tell: Callable[[str], None]) -> Outcome:
    """The storm has passed, everything has come to rest, and every order has ended."""
    portal.make_whole()
    eyes = Eyes(portal.env["DATABASE_URL"])
    plan = Plan(orders=size.orders, seed=size.seed, companies=_people(portal, size.people))
    webhooks_come(portal, "thrice_out_of_order")
    orderers = [Orderer(portal, eyes, plan, case) for case in LEADERS]
    crowd: list[Somebody] = [*orderers, Reviewer(portal, eyes, plan)]
    days = Days(eyes, plan)
    for each in (*crowd, days):
        each.start()
    _until_somebody_has_paid(eyes, crowd)
    weather, began = Weather(portal, size.faults, seed=size.seed, tell=tell), time.monotonic()
    weather.storm(between=lambda: _heard(crowd))
    rested_s = _rest(portal, eyes, weather, tell)
    tell(f"the storm is over; at rest after {rested_s:.1f} s")
    plan.stop.set()
    _finish(portal, eyes, orderers, crowd)
    plan.home.set()
    for each in (*crowd, days):
        each.join(60)
    _heard(crowd)
    days.pass_for_some()
    portal.until(lambda: not waiting(eyes), "all is at rest in the end", REST_PATIENCE_S)
    known = {"accepted": plan.accepted, "late": plan.late, "kills": weather.kills,
             "at_once": WORKER_PROCESSES}  # fmt: skip
    found = gather(portal, eyes, **known)
    eyes.close()
    return Outcome(
        evidence=found,
        dealt=weather.dealt,
        stormed_s=weather.over_at - began,
        rested_s=rested_s,
        violations=violations(found),
        unnoticed=unnoticed(found),
        lines=Counter(line["state"] for line in found.lines.values()),
    )


def webhooks_come(portal: Portal, mode: str) -> None:
    """The payment service's messages come like that from now on."""
    books = f"{portal.site.simulators_url}/nexi/_books/"
    portal.http.post(books, data={"mode": mode}).raise_for_status()


def _people(portal: Portal, many: int) -> dict[str, dict]:
    file = portal.places.data / "people.json"
    script = ROOT / "tests" / "processes" / "storm" / "more_people.py"
    added = portal.run([str(PYTHON), str(script), str(many), str(file)], "people").wait()
    assert added == 0, portal.tail("people")
    return json.loads(file.read_text())


def _until_somebody_has_paid(eyes: Eyes, crowd: list[Somebody]) -> None:
    """The storm begins when there is something to lose."""
    paid = "SELECT 1 FROM orders_order WHERE state = 'submitted' LIMIT 1"
    deadline = time.monotonic() + ENDS_WITHIN_S
    while not eyes.rows(paid):
        _heard(crowd)
        assert time.monotonic() < deadline, "nobody has paid"
        time.sleep(0.2)


def _heard(crowd: list[Somebody]) -> None:
    """Whoever gave up says so."""
    for each in crowd:
        if each.trouble:
            raise each.trouble


def _rest(portal: Portal, eyes: Eyes, weather: Weather, tell: Callable[[str], None]) -> float:
    """Seconds after the last fault until what was under way then was over, by itself.

    The crowd goes on meanwhile, so what is asked is whether anything is left of the storm: an
    effect or a line that waits since before its end.
    """
    told = 0.0
    while left := eyes.column(LEFT, time.monotonic() - weather.over_at):
        past = time.monotonic() - weather.over_at
        if past > told + 10:
            told = past
            tell(f"      {past:.0f} s after the storm wait still: {sorted(Counter(left).items())}")
        assert past < REST_PATIENCE_S, f"never at rest: {left}\n{portal.tails()}"
        time.sleep(0.1)
    return time.monotonic() - weather.over_at


# What was begun before the storm was over and is not done; the parameter is seconds since then.
LEFT = """WITH over AS (SELECT now() - %s * interval '1 second' AS at)
    SELECT 'effect ' || event FROM common_effect, over
        WHERE state <> 'done' AND (attempts > 0 OR due_at <= now()) AND created_at < at
    UNION ALL SELECT 'operation ' || kind FROM payments_operation, over
        WHERE state = 'wanted' AND created_at < at
    UNION ALL SELECT 'line ' || state FROM orders_line, over
        WHERE state IN ('approved', 'cleared', 'captured') AND approved_at < at"""


def _finish(portal: Portal, eyes: Eyes, orderers: list[Orderer], crowd: list[Somebody]) -> None:
    """In good weather the crowd ends what it has begun."""
    deadline = time.monotonic() + ENDS_WITHIN_S
    while not (all(each.is_done() for each in orderers) and not waiting(eyes)):
        _heard(crowd)
        assert time.monotonic() < deadline, f"orders do not end\n{portal.tails()}"
        time.sleep(0.5)
