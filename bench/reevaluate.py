"""Validity judged anew: all cards at once, and those that a thousand changed facts concern.

    python3 -m hmskort bench reevaluate [--cards N] [--runs N] [--facts]

The limit is `_by_hand`: the same facts to a bare UPDATE of the cards. Ours writes besides the
history, the public answer and the news for employers, and finds what is yet to be asked. First
time is after a former issuer's cards were taken over, none of them judged; every run of it is the
first after a bulk write. A changed fact is measured from the stored fact and its event in the
outbox to the validity, the public answer and the event that it led to. Figures are medians of CPU
seconds, of this process and of its database process, which other work on the machine moves least;
medians by the clock stand beside them.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
django.setup()

import _by_hand  # noqa: E402
import _made_up  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from cards import judging  # noqa: E402
from hmskort.common import clock, outbox  # noqa: E402
from hmskort.common.models import Effect  # noqa: E402
from registers.models import CardKind  # noqa: E402
from registers.requirements.work import FREE_TO_WORK  # noqa: E402

TARGET, TARGET_GROWTH = 1.5, 1.3
FACTS, SMALL = 1_000, 10_000
NEW = """UPDATE cards_card SET valid_on = datemultirange(daterange(issued_on, NULL)), unmet = '[]'
WHERE valid_on <> datemultirange(daterange(issued_on, NULL)) OR unmet <> '[]'"""


NUMBERS = "UPDATE registers_person SET register_status = %(status)s WHERE id = ANY(%(people)s)"


def sql(*statements: str, **given: Any) -> int:
    """The rows that the last one changed."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, given or None)
        return cursor.rowcount


class Cost(NamedTuple):
    """Seconds of CPU, of this process and of its database process, and seconds by the clock."""

    cpu: float
    wall: float


Pair = tuple[Cost, Cost]  # ours, the limit


def spent() -> Cost:
    """Until now. The kernel counts a process's time on a CPU in nanoseconds."""
    database = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    on_cpu = int(database.split()[0]) / 1e9
    return Cost(time.process_time() + on_cpu, time.perf_counter())


def timed(work: Callable[[], object]) -> Cost:
    connection.ensure_connection()
    before = spent()
    work()
    after = spent()
    return Cost(after.cpu - before.cpu, after.wall - before.wall)


def by_hand() -> int:
    with transaction.atomic():
        sql(judging.AS_A_WHOLE)
        return sql(_by_hand.ALL, on=clock.today(), free=sorted(FREE_TO_WORK))


def ours() -> None:
    judging.judge_kinds(kinds=list(CardKind.objects.values_list("pk", flat=True)))


def as_taken_over() -> None:
    """No card has been judged; nothing is left to be vacuumed."""
    sql(NEW, "TRUNCATE audit_event, common_effect")
    as_shown()
    sql("VACUUM ANALYZE cards_card", "VACUUM ANALYZE public_check_entry", "CHECKPOINT")


def first_time(runs: int) -> list[Pair]:
    figures = []
    for _ in range(runs):
        as_taken_over()
        limit = timed(by_hand)
        as_taken_over()
        figures.append((timed(ours), limit))
    if differing := by_hand():
        raise SystemExit(f"ours and the limit differ on {differing} cards")
    return figures


def nothing_changed(runs: int) -> list[Pair]:
    sql("VACUUM ANALYZE")
    return [(timed(ours), timed(by_hand)) for _ in range(runs)]


def changed_facts(runs: int, cards: int) -> list[Pair]:
    """A thousand people's numbers become inactive, and active again: by ours and by the limit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM cards_card WHERE state = 'produced' AND valid_on @> %s"
            " AND expires_on > %s ORDER BY md5(id::text) LIMIT %s",
            [clock.today(), clock.today(), min(FACTS, cards)],
        )
        people = [row for (row,) in cursor.fetchall()]
    figures = []
    for status, other in [("inaktiv", "bosatt"), ("bosatt", "inaktiv")] * runs:
        cost = timed(partial(heard, people, status))
        rest()
        heard(people, other)
        rest()
        figures.append((cost, timed(partial(heard_by_hand, people, status))))
        as_shown()
    return figures


def heard(people: list[Any], status: str) -> None:
    """The feed's items are taken in as they are stored, and the cards that rest on them judged."""
    with transaction.atomic():
        sql(NUMBERS, status=status, people=people)
        outbox.enqueue(
            "facts:changed_many",
            key=f"{time.time_ns()}",
            source="folkeregisteret",
            subjects=[str(person) for person in people],
        )
    waiting = Effect.objects.filter(
        state=Effect.State.WAITING, listener="cards.listeners.judge_cards_of_many"
    )
    while waiting.exists():
        outbox.deliver_due(limit=1)


def rest() -> None:
    """What else hears of it is done outside the measurement."""
    while outbox.deliver_due():
        pass


def heard_by_hand(people: list[Any], status: str) -> None:
    with transaction.atomic():
        sql(NUMBERS, status=status, people=people)
        sql(
            _by_hand.OF_PEOPLE_WITH_EVENTS,
            on=clock.today(),
            free=sorted(FREE_TO_WORK),
            people=people,
        )


def as_shown() -> None:
    """The public answers are those of the cards, as the limit does not write them."""
    sql("UPDATE public_check_entry e SET valid_on = c.valid_on FROM cards_card c"
        " WHERE c.number = e.number AND e.valid_on <> c.valid_on")  # fmt: skip


def told(name: str, figures: list[Pair]) -> dict[str, Any]:
    """A line of the table, and the figure for the last line."""
    mine = statistics.median(ours.cpu for ours, _ in figures)
    limit = statistics.median(limit.cpu for _, limit in figures)
    clock_s = "/".join(
        f"{statistics.median(pair[which].wall for pair in figures):.3f}" for which in (0, 1)
    )
    each = "  ".join(f"{ours.cpu:.3f}/{limit.cpu:.3f}" for ours, limit in figures)
    print(f"{name:<36} {mine:8.3f} {limit:8.3f} {mine / limit:6.2f} {clock_s:>15}   {each}",
          flush=True)  # fmt: skip
    return {
        "bench": f"reevaluate: {name}",
        "ours": round(mine, 4),
        "limit": round(limit, 4),
        "ratio": round(mine / limit, 2),
        "clock": clock_s,
        "target": TARGET,
        "ok": mine / limit <= TARGET,
    }


def of_changed_facts(cards: int, runs: int) -> dict[str, Any]:
    figures = changed_facts(runs, cards)
    name = f"{FACTS} facts among {cards} cards"
    mine, limit = figures[0]
    print(f"{name + ', first after a bulk write':<36} {mine.cpu:8.3f} {limit.cpu:8.3f}")
    return told(name, figures[2:] or figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], prog="bench reevaluate")
    parser.add_argument("--cards", type=int, default=500_000)
    parser.add_argument("--runs", type=int, default=3, help="of limit and of ours, in turn")
    parser.add_argument("--facts", action="store_true", help="the thousand changed facts alone")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    figures = []
    print(f"{'':<36} {'ours s':>8} {'limit s':>8} {'ratio':>6} {'clock':>15}   each run")
    if options.cards > SMALL:
        _made_up.fill(SMALL)
        ours()
        figures.append(of_changed_facts(SMALL, options.runs))
    _made_up.fill(options.cards)
    if options.facts:
        ours()
    else:
        figures.append(told("first time", first_time(options.runs)))
        figures.append(told("nothing changed", nothing_changed(options.runs + 2)))
    figures.append(of_changed_facts(options.cards, options.runs))
    if options.cards > SMALL:
        small, large = figures[0]["ours"], figures[-1]["ours"]
        of_limit = round(figures[-1]["limit"] / figures[0]["limit"], 2)
        growth = {"bench": "reevaluate: growth with the cards", "ours": large, "limit": small}
        growth |= {"growth of the limit": of_limit}
        growth |= {"ratio": round(large / small, 2), "target": TARGET_GROWTH}
        figures.append(growth | {"ok": large / small <= TARGET_GROWTH})
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
