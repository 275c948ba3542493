"""Every register with every fault, over HTTP, while orders are placed.

No refusal that the facts do not justify, no approval without facts, and when the fault is over
everything goes on by itself. The simulators answer on a real socket; the portal's work is done as
its workers do it, with several questions side by side and its waits made short.
"""

import threading
import time
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection, connections, transaction

from hmskort.accounts import actions as accounts
from hmskort.common import clock, outbox, services
from hmskort.simulators import site, world
from hmskort.simulators.faults import set_fault
from orders import actions
from registers import answering, approvals, clients, lookups, traffic
from registers.models import CardKind, Lookup
from registers.persons import person_for
from tests.builders import actor_of
from tests.conftest import what_a_new_portal_holds

PATIENCE_S = 60.0
TIMEOUT_S = 0.8
WAIT_S = 0.2
FAULTS = {  # mode: seconds
    "silent": TIMEOUT_S * 1.5,
    "slow": TIMEOUT_S / 8,
    "500": None,
    "429": 0.2,
    "garbage": None,
    "wrong_shape": None,
    "wrong_subject": None,
    "wrong_dates": None,
    "wrong_code": None,
    "wrong_empty": None,
}
FILES = ("renholdsregisteret", "bemanningsforetaksregisteret")
# A file without dates has none that could be wrong.
SAME_AS_SHAPE = {(name, "wrong_dates") for name in FILES}
EMPTIED = (
    "registers_person", "registers_company", "registers_role", "registers_lookup",
    "registers_approval", "registers_snapshot", "registers_traffic", "registers_opencall",
    "orders_order", "common_effect",
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Who is ordered for while the register fails, and what is true of them.

    good: every requirement holds. bad: whom the register refuses, and for which requirement.
    known: the sources that have answered before the fault.
    """

    register: str
    company: str
    kind: str
    good: str
    bad: str
    requirement: str
    bad_company: str = ""
    known: tuple[str, ...] = ()


SCENES = {
    "enhetsregisteret": Scene(
        "enhetsregisteret", "groundwork", "bygg", "two employers", "employment starts in 29 days",
        "company_exists", bad_company="bankrupt",
    ),
    "roller": Scene(
        "enhetsregisteret", "DA", "bygg", "DA partner", "not employed", "employed",
        known=("enhetsregisteret",),
    ),
    "folkeregisteret": Scene(
        "folkeregisteret", "Byggmester AS", "bygg", "employed", "dead", "person_exists"
    ),
    "aaregisteret": Scene(
        "aaregisteret", "Byggmester AS", "bygg", "employed", "employed elsewhere", "employed"
    ),
    "maskinporten": Scene(
        "maskinporten", "Byggmester AS", "bygg", "employed", "not employed", "employed"
    ),
    "renholdsregisteret": Scene(
        "renholdsregisteret", "cleaning", "renhold", "cleaner", "cleaner", "cleaning_approved",
        bad_company="cleaning not approved",
    ),
    "bemanningsforetaksregisteret": Scene(
        "bemanningsforetaksregisteret", "staffing", "bygg", "agency worker", "agency worker",
        "staffing_approved", bad_company="staffing not approved",
    ),
    "oar": Scene("oar", "NUF", "bygg", "posted worker", "posted work ended", "employed"),
    "udi": Scene(
        "udi", "cleaning", "renhold", "cleaner outside EEA", "permit refused",
        "may_work_in_norway",
    ),
}  # fmt: skip


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def outside(django_db_setup, django_db_blocker):
    """The address of the simulators, served on a socket from what is committed."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet, connections_override={})
    server.daemon_threads = True
    server.set_app(site.application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    with django_db_blocker.unblock():
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        server.server_close()
        thread.join()
        call_command("flush", interactive=False, verbosity=0)
        what_a_new_portal_holds()
        connections.close_all()


@pytest.fixture(scope="module")
def db(outside):
    """What a test commits stays, so that the simulators see it; the next test empties it."""


@pytest.fixture(autouse=True)
def portal(db, outside, connected, settings, monkeypatch):
    """A portal that knows nobody yet, asks over the socket, and is not patient."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(EMPTIED)} CASCADE")
    settings.OUTSIDE_TRANSPORT = None
    settings.REGISTER_QUESTIONS_AT_ONCE = 8
    settings.REGISTER_TIMEOUT_S = TIMEOUT_S
    there = settings.SIMULATORS_URL
    settings.MASKINPORTEN = {
        **settings.MASKINPORTEN, "url": settings.MASKINPORTEN["url"].replace(there, outside)
    }  # fmt: skip
    settings.REGISTERS = {
        name: {**config, "base_url": config["base_url"].replace(there, outside)}
        for name, config in settings.REGISTERS.items()
    }
    for name in ("FIRST_WAIT_S", "LONGEST_WAIT_S", "FAULT_WAIT_S"):
        monkeypatch.setattr(answering, name, WAIT_S)
    for name in ("FIRST_REST_S", "LONGEST_REST_S"):
        monkeypatch.setattr(traffic, name, WAIT_S)
    connected += [clients.client(name) for name in settings.REGISTERS]
    tokens = clients.maskinporten(clients.SCOPES["udi"])._client
    tokens._tokens.clear()
    connected.append(tokens)


@pytest.fixture(scope="module")
def connected():
    """Clients keep their connections from test to test, and not beyond."""
    used = []
    yield used
    for client in used:
        client._http.close()
    services._made.cache_clear()


def place(scene, case, company):
    """Somebody is put in a cart of the company."""
    leader = accounts.know_user(sub="leader", national_id=world.person("Kari").national_id)
    firm = world.company(company)
    order = actions.open_cart(
        orgnr=firm.orgnr,
        company_name=firm.name,
        kind=CardKind.objects.get(code=scene.kind),
        user=leader,
        actor=actor_of(leader),
    )
    person = person_for(world.person(case).national_id)
    (line,) = actions.add_people(order=order, people=[person], actor=actor_of(leader))
    return line


def work(scene):
    """What the workers do, once around."""
    if scene.register in FILES:
        approvals.read(scene.register)
    return lookups.ask_due() + outbox.deliver_due()


def work_until(scene, done):
    ends_at = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < ends_at, "it does not go on by itself"
        if not work(scene):
            time.sleep(0.02)  # until the next wait is over
    while outbox.deliver_due():
        pass


def judged(line):
    line.refresh_from_db()
    found = {each["requirement"]: each["found"] for each in line.verdict.findings}
    return line.verdict.outcome, found


def every_question_was_tried():
    return not Lookup.objects.filter(answered_at=None, trouble="").exists()


def learn(scene):
    for register in FILES:
        if register != scene.register:
            approvals.read(register)
    firm = world.company(scene.company)
    with transaction.atomic():
        lookups.want({(name, firm.orgnr) for name in scene.known}, not_older_than=clock.now())
    work_until(scene, every_question_was_tried)


@pytest.mark.parametrize(
    ("name", "mode"),
    [(name, mode) for name in SCENES for mode in FAULTS if (name, mode) not in SAME_AS_SHAPE],
)
def test_no_fault_refuses_or_approves_anybody_and_all_goes_on_afterwards(name, mode):
    scene = SCENES[name]
    learn(scene)
    set_fault(scene.register, mode, FAULTS[mode])
    try:
        good = place(scene, scene.good, scene.company)
        bad = place(scene, scene.bad, scene.bad_company or scene.company)
        work_until(scene, every_question_was_tried)
        work(scene)
        assert judged(good)[0] != "not_met"
        assert judged(bad)[0] != "met"
        if mode != "slow":
            assert judged(good)[0] == "unknown"
            assert judged(good)[1][scene.requirement] == "unknown"
            assert judged(bad)[1][scene.requirement] == "unknown"
    finally:
        set_fault(scene.register, "off")
    work_until(
        scene, lambda: (judged(good)[0], judged(bad)[1][scene.requirement]) == ("met", "not_met")
    )
