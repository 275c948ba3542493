"""What order lines cost in calls to registers, and how long the calls take.

    python3 -m hmskort bench lookups [--rows N] [--latency-ms MS] [--at-once N] [--runs N]

That many lines of 20 companies are put in carts. One company is foreign and has posted its people
(OAR), one is a cleaning company whose people need a permit (UDI). The registers are the simulators
in a process of their own, over HTTP, each answer exactly the stated latency after the call. What is
asked is what the requirements ask for: first what every line needs, then, once that has been
judged, what turned out to be needed besides. Judging itself is not counted (`reevaluate`).

Calls: no more than there are distinct facts, many in one call counted once. Tokens are no facts.
Time: from questions that are wanted to stored answers, against latency x calls / at once.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
django.setup()

import httpx  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from hmskort.common import clock  # noqa: E402
from hmskort.simulators.store import Store  # noqa: E402
from hmskort.simulators.world import documents  # noqa: E402
from hmskort.simulators.world.companies import Place  # noqa: E402
from hmskort.simulators.world.load import register_portal  # noqa: E402
from hmskort.simulators.world.numbers import IdentityNumbers, orgnrs  # noqa: E402
from registers import lookups  # noqa: E402
from registers.aaregisteret.simulator import EMPLOYMENTS  # noqa: E402
from registers.enhetsregisteret.simulator import SUBUNITS, UNITS  # noqa: E402
from registers.folkeregisteret.simulator import PERSONS  # noqa: E402
from registers.models import CardKind, Lookup, Person  # noqa: E402
from registers.oar.simulator import ROWS as POSTED  # noqa: E402
from registers.persons import people_for  # noqa: E402
from registers.questions import SOURCES  # noqa: E402
from registers.requirements.judge import judge_people, questions_for  # noqa: E402
from registers.udi.simulator import PERMITS, permit  # noqa: E402

COMPANIES = 20
TARGET_CALLS, TARGET_TIME = 1.0, 1.2
FOREIGN, CLEANING = 0, 1  # which of the companies
PLACE = Place("Storgata 1", "0181", "OSLO", "OSLO", "0301")
EMPTIED = (
    "registers_person, registers_company, registers_lookup, registers_verdict,"
    " registers_traffic, registers_opencall, common_effect"
)
Staff = dict[str, list[str]]  # orgnr -> identity numbers


@dataclass(frozen=True)
class Run:
    """Seconds by the clock and of our CPU, calls by service, and distinct facts asked for."""

    took_s: float
    cpu_s: float
    calls: dict[str, int]
    facts: int


def world(rows: int) -> Staff:
    """Everybody and every company, in the registers and nowhere else."""
    register_portal(Store())
    numbers, given, staff = orgnrs(31_500_000), IdentityNumbers(), {}
    for place in range(COMPANIES):
        main, sub = next(numbers), next(numbers)
        born = [date(1960 + each % 40, 1 + place % 12, 1 + each % 28) for each in
                range(rows // COMPANIES + (place < rows % COMPANIES))]  # fmt: skip
        staff[main] = [given.fodselsnummer(day) for day in born]
        company(place, main, sub)
        for number, day in zip(staff[main], born, strict=True):
            person(place, number, day, main, sub)
    return staff


def company(place: int, main: str, sub: str) -> None:
    """A main unit that is in order, with a sub-unit."""
    form = "NUF" if place == FOREIGN else "AS"
    unit = {
        "organisasjonsnummer": main,
        "navn": f"FIRMA {place} {form}",
        "organisasjonsform": {"kode": form},
        "forretningsadresse": documents.address(PLACE),
        "registreringsdatoEnhetsregisteret": "2015-01-01",
        "registrertIMvaregisteret": True,
        "registrertIForetaksregisteret": True,
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "respons_klasse": "Enhet",
    }
    below = {"organisasjonsform": {"kode": "BEDR"}, "overordnetEnhet": main}
    store = Store()
    store.put(UNITS, main, unit)
    store.put(SUBUNITS, sub, unit | below | {"organisasjonsnummer": sub})


def person(place: int, number: str, born: date, main: str, sub: str) -> None:
    """Somebody in order, who works in the company or is posted by it."""
    entry, store = documents.entry, Store()
    kind = {"identifikatortype": "foedselsnummer", "status": "iBruk"}
    document = {
        "identifikasjonsnummer": [entry(foedselsEllerDNummer=number, **kind)],
        "status": [entry(status="bosatt")],
        "navn": [entry(fornavn="Test", etternavn=f"Person {number[6:9]}")],
        "kjoenn": [entry(kjoenn="kvinne")],
        "foedsel": [entry(foedselsdato=born.isoformat())],
        "statsborgerskap": [entry(statsborgerskap="THA" if place == CLEANING else "LTU")],
    }
    store.put(PERSONS, number, document)
    if place == CLEANING:
        store.put(PERMITS, number, permit("Ja"))
    if place == FOREIGN:
        row = {"oppdragsId": number[:9], "oppdragsgiver": main, "oppdragstaker": main,
               "foedselsEllerDNummer": number, "startdato": "2025-01-01", "sluttdato": None,
               "idKontroll": True}  # fmt: skip
        store.put(POSTED, number, row)
    else:
        job = documents.company_place(sub, main)
        store.put(
            EMPLOYMENTS, number, documents.employment(number, number, job, date(2025, 1, 1), None)
        )


@contextmanager
def outside(latency_ms: float) -> Iterator[str]:
    """The address of the registers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    told = {**os.environ, "HMSKORT_MASKINPORTEN_URL": f"{address}/maskinporten/"}
    script = str(Path(__file__).with_name("_outside.py"))
    process = subprocess.Popen([sys.executable, script, str(port), str(latency_ms)], env=told)
    try:
        _answers(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _answers(address: str) -> None:
    ends_at = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{address}/_calls", timeout=1)
            return
        except httpx.TransportError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.1)


def ask_there(address: str, at_once: int) -> None:
    """The portal asks at this address, so many calls side by side whichever register it is."""
    there = settings.SIMULATORS_URL
    settings.MASKINPORTEN = settings.MASKINPORTEN | {"url": f"{address}/maskinporten/"}
    settings.REGISTERS = {
        name: config | {"base_url": config["base_url"].replace(there, address)}
        for name, config in settings.REGISTERS.items()
    }
    settings.REGISTER_QUESTIONS_AT_ONCE = at_once
    settings.REGISTER_BUDGETS = dict.fromkeys(settings.REGISTER_BUDGETS, (at_once, 10_000.0))


def measured(staff: Staff, address: str) -> Run:
    """One run: everything is wanted, asked and stored."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {EMPTIED} CASCADE")
    carts = [(orgnr, people_for(numbers), _kind(place))
             for place, (orgnr, numbers) in enumerate(staff.items())]  # fmt: skip
    httpx.get(f"{address}/_calls")
    took_s = cpu_s = 0.0
    for want in (_want_first, _want_besides):
        for orgnr, people, kind in carts:
            want(people, orgnr, kind)
        begun, cpu = time.perf_counter(), time.process_time()
        while Lookup.objects.filter(due_at__isnull=False).exists():
            lookups.ask_due()
        took_s += time.perf_counter() - begun
        cpu_s += time.process_time() - cpu
    return Run(took_s, cpu_s, httpx.get(f"{address}/_calls").json(), distinct_facts())


def _kind(place: int) -> CardKind:
    return CardKind.objects.get(pk="renhold" if place == CLEANING else "bygg")


@transaction.atomic
def _want_first(people: list[Person], orgnr: str, kind: CardKind) -> None:
    lookups.want(questions_for(people, orgnr, kind), not_older_than=clock.now())


@transaction.atomic
def _want_besides(people: list[Person], orgnr: str, kind: CardKind) -> None:
    judge_people(
        people=people, orgnr=orgnr, kind=kind, on=clock.today(), not_older_than=lookups.EVER
    )


def distinct_facts() -> int:
    """Questions, where a call takes many as so many calls."""
    asked = dict.fromkeys(SOURCES, 0)
    for source in Lookup.objects.values_list("source", flat=True):
        asked[source] += 1
    unanswered = Lookup.objects.filter(answered_at=None).count()
    assert not unanswered, f"{unanswered} questions have no answer"  # noqa: S101
    return sum(-(-count // SOURCES[source].at_once) for source, count in asked.items())


def figure(name: str, ours: float, limit: float, target: float) -> dict[str, Any]:
    ratio = ours / limit
    return {
        "bench": name, "ours": round(ours, 2), "limit": round(limit, 2),
        "ratio": round(ratio, 3), "target": target, "ok": ratio <= target,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000, help="order lines")
    parser.add_argument("--latency-ms", type=float, default=500.0)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    settings.OUTSIDE_TRANSPORT = None
    call_command("migrate", verbosity=0)
    staff = world(options.rows)
    runs = []
    with outside(options.latency_ms) as address:
        ask_there(address, options.at_once)
        for _ in range(options.runs):
            runs.append(measured(staff, address))
            last = runs[-1]
            print(f"  {last.took_s:7.2f} s, {last.cpu_s:6.2f} s CPU   {last.calls}", flush=True)
    return report(runs, options)


def report(runs: list[Run], options: argparse.Namespace) -> int:
    """The table, and one line of JSON."""
    took_s = statistics.median(run.took_s for run in runs)
    services, facts = runs[-1].calls, runs[-1].facts
    calls = max(sum(n for name, n in run.calls.items() if name != "maskinporten") for run in runs)
    limit_s = options.latency_ms / 1000 * calls / options.at_once
    print(f"\n{options.rows} lines of {COMPANIES} companies, {options.latency_ms:.0f} ms, "
          f"{options.at_once} at once, {options.runs} runs")  # fmt: skip
    for name, count in sorted(services.items()):
        print(f"  calls to {name:18} {count:6}")
    print(f"  distinct facts              {facts:6}")
    print(f"  median                      {took_s:6.1f} s, limit {limit_s:.1f} s")
    print(f"  our CPU                     {statistics.median(run.cpu_s for run in runs):6.1f} s")
    figures = [
        figure("lookups calls", calls, facts, TARGET_CALLS),
        figure("lookups time", took_s, limit_s, TARGET_TIME),
    ]
    print(json.dumps(figures))
    return 0 if all(each["ok"] for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
