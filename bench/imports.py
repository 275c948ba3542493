"""A list of 500 people from a spreadsheet: how long until its first verdicts, and until all.

    python3 -m hmskort bench imports                        # 500 rows, 100 ms
    python3 -m hmskort bench imports --rows 100 --runs 1

The registers are the simulators in a process of their own, over HTTP, each answer one stated
latency after the call (`_outside.py`). The clock begins when the file is sent and stops when the
page shows what every register has said of everybody. Two processes do what workers do; this one
looks again as often as the page does.
"""

import argparse
import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import lookups as calls  # sets Django up
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from openpyxl import Workbook

from hmskort.accounts import sessions
from hmskort.accounts.models import Access, User
from hmskort.common import clock, outbox
from hmskort.simulators.store import Store
from hmskort.simulators.world.load import register_portal
from hmskort.simulators.world.numbers import IdentityNumbers, orgnrs
from orders.importing import verdicts
from orders.importing.models import Import
from registers import lookups
from registers.persons import person_for

FIRST_WITHIN_S, ALL_WITHIN_S = 2.0, 30.0
LOOKS_EVERY_S, GIVES_UP_AFTER_S, STARTS_WITHIN_S = 0.5, 300.0, 10.0
PLACE = 2  # a company of the world that is neither foreign nor in cleaning
TABLES = f"{calls.EMPTIED}, importing_import, orders_order, registers_employment"


@dataclass(frozen=True)
class Run:
    """Seconds after the file was sent: answered, with a first verdict of a register, with all."""

    page_s: float
    first_s: float
    all_s: float
    calls: dict[str, int]


def world(rows: int) -> tuple[str, list[str]]:
    """A company and everybody who works in it, in the registers and nowhere else."""
    register_portal(Store())
    numbers, given = orgnrs(31_700_000), IdentityNumbers()
    main, sub = next(numbers), next(numbers)
    calls.company(PLACE, main, sub)
    days = [date(1960 + each % 40, 1 + each % 12, 1 + each % 28) for each in range(rows)]
    people = [given.fodselsnummer(day) for day in days]
    for number, day in zip(people, days, strict=True):
        calls.person(PLACE, number, day, main, sub)
    return main, people


def file_of(people: list[str]) -> bytes:
    """The list as a workbook; the surnames are those that `lookups.person` gives."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Fødselsnummer", "Etternavn"])
    for number in people:
        sheet.append([number, f"Person {number[6:9]}"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def orderer(orgnr: str, number: str) -> Client:
    """Somebody who may order for the company, logged in."""
    user = User.objects.create(name="Kari", person=person_for(number))
    Access.objects.create(person=user.person, main_orgnr=orgnr, source="role", role="DAGL")
    client = Client(headers={"accept-language": "nb"})
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[sessions.BEGAN] = session[sessions.SEEN] = int(clock.now().timestamp())
    sessions.choose(session, orgnr)
    session.save()
    return client


def measured(orgnr: str, people: list[str], address: str) -> Run:
    """One run: from the file to the page with every verdict."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES}, accounts_user CASCADE")
    client, data = (
        orderer(orgnr, IdentityNumbers().fodselsnummer(date(1950, 1, 1))),
        file_of(people),
    )
    httpx.get(f"{address}/_calls")
    begun = time.perf_counter()
    upload = SimpleUploadedFile("ansatte.xlsx", data)
    response = client.post("/import/", {"kort_type": "bygg", "file": upload})
    page_s, first_s = time.perf_counter() - begun, 0.0
    batch = Import.objects.get(reference=response["Location"].strip("/").rpartition("/")[2])
    told = verdicts.look(batch)
    while len(told.of("klar")) < len(people) and time.perf_counter() - begun < GIVES_UP_AFTER_S:
        time.sleep(LOOKS_EVERY_S)
        told = verdicts.look(Import.objects.get(pk=batch.pk))
        if not first_s and told.of("klar"):
            first_s = time.perf_counter() - begun
    client.get(response["Location"])
    all_s = time.perf_counter() - begun
    assert not told.asking, "a verdict is missing"  # noqa: S101
    assert len(told.of("klar")) == len(people), "somebody is not ready"  # noqa: S101
    return Run(page_s, first_s, all_s, httpx.get(f"{address}/_calls").json())


@contextmanager
def workers(address: str) -> Iterator[None]:
    """Two processes carry out effects and ask registers, as workers do when they are woken."""
    command = [sys.executable, __file__, "--work", address]
    processes = [subprocess.Popen([*command, what]) for what in ("effects", "questions")]
    try:
        time.sleep(STARTS_WITHIN_S)
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def work(address: str, what: str) -> None:
    calls.ask_there(address, settings.REGISTER_QUESTIONS_AT_ONCE)
    do = outbox.deliver_due if what == "effects" else lookups.ask_due
    while True:
        if not do():
            time.sleep(0.05)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--latency-ms", type=float, default=100.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    settings.OUTSIDE_TRANSPORT = None
    if options.work:
        work(*options.work)
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    orgnr, people = world(options.rows)
    runs = []
    with calls.outside(options.latency_ms) as address:
        calls.ask_there(address, settings.REGISTER_QUESTIONS_AT_ONCE)
        with workers(address):
            for _ in range(options.runs):
                last = measured(orgnr, people, address)
                runs.append(last)
                print(f"  answered {last.page_s:5.2f} s, first {last.first_s:5.2f} s, "
                      f"all {last.all_s:5.2f} s   {last.calls}", flush=True)  # fmt: skip
    return report(runs, options)


def report(runs: list[Run], options: argparse.Namespace) -> int:
    """The table, and one line of JSON."""
    first = statistics.median(run.first_s for run in runs)
    every = statistics.median(run.all_s for run in runs)
    print(f"\n{options.rows} rows, {options.latency_ms:.0f} ms, {options.runs} runs")
    print(f"  first verdicts  {first:6.2f} s, at most {FIRST_WITHIN_S:.0f} s")
    print(f"  all verdicts    {every:6.2f} s, at most {ALL_WITHIN_S:.0f} s")
    figures = [
        calls.figure("imports first verdicts", first, FIRST_WITHIN_S, 1.0),
        calls.figure("imports all verdicts", every, ALL_WITHIN_S, 1.0),
    ]
    print(json.dumps(figures))
    return 0 if all(each["ok"] for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
