"""Three people everywhere: Kari leads Byggmester AS, Per has a delegation, Ola must see nothing.

Every call to an outside service meets the real simulators, in the same process and transaction.
"""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from hmskort.accounts import actions as accounts
from hmskort.accounts import demonstration, sessions
from hmskort.accounts.models import User
from hmskort.accounts.orderers import demonstration as orderers
from hmskort.common import clock
from hmskort.simulators import world
from hmskort.simulators.faults import set_fault
from hmskort.simulators.store import Store
from hmskort.simulators.world.load import load
from orders.evidence.photo import measuring
from orders.models import Price
from orders.payments.models import PaymentMethod
from orders.payments.offers import make_methods
from orders.prices import make_prices
from registers.exemptions.kinds import make_exemption_kinds
from registers.exemptions.models import ExemptionKind
from registers.kinds import make_kinds
from registers.models import CardKind, KindRequirement
from registers.persons import person_for
from tests.builders import rest
from tests.chromium import browser  # noqa: F401 - a fixture: the one browser of the session

MEASURE = measuring.measured
MEASURED: dict[tuple[tuple[int, ...], bytes], measuring.Measured] = {}


def what_a_new_portal_holds():
    """Card kinds, prices, the simulated world and the staff: made again where they are gone."""
    make_kinds(CardKind, KindRequirement)
    make_prices(Price)
    make_methods(PaymentMethod)
    make_exemption_kinds(ExemptionKind)
    today = world.on(clock.today())
    if load(Store(), today):
        demonstration.load(today)
        orderers.load(today)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        what_a_new_portal_holds()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test with transactions of its own empties every table; the next test finds a new portal."""
    result = yield
    marker = item.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    emptied = commits or (marker and marker.kwargs.get("transaction"))
    if emptied and nextitem is not None:  # after the last one the database itself is gone
        with item.config.stash[blocking_manager_key].unblock():
            what_a_new_portal_holds()
    return result


@pytest.fixture(autouse=True)
def simulators(settings):
    settings.OUTSIDE_TRANSPORT = "hmskort.simulators.site.transport"
    settings.REGISTER_QUESTIONS_AT_ONCE = 1  # one thread, so one transaction


@pytest.fixture(autouse=True)
def pictures_are_measured_once(monkeypatch):
    """The same few pictures are uploaded in every test: each is measured once in a session."""
    monkeypatch.setattr(measuring, "measured", measured_once)


def measured_once(image: measuring.Image) -> measuring.Measured:
    key = (image.shape, hashlib.sha256(image.tobytes()).digest())
    if key not in MEASURED:
        MEASURED[key] = MEASURE(image)
    return MEASURED[key]


@pytest.fixture(autouse=True)
def in_bokmal(settings):
    """A page read in another language leaves its thread in that language; each test begins anew."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def byggmester():
    return world.company("Byggmester AS")


@pytest.fixture
def somebody(db):
    """`somebody("employed")`: the user of a person of the world, who has just logged in."""

    def find(case: str) -> User:
        national_id = world.person(case).national_id
        user = User.objects.filter(person=person_for(national_id)).first()
        user = user or accounts.know_user(sub=f"sub-{case}", national_id=national_id)
        accounts.refresh_accesses(user=user)
        return user

    return find


@pytest.fixture
def kari(somebody):
    return somebody("Kari")


@pytest.fixture
def per(somebody):
    return somebody("Per")


@pytest.fixture
def ola(somebody):
    return somebody("Ola")


@pytest.fixture
def reviewer(somebody):
    return somebody("reviewer")


@pytest.fixture
def second_reviewer(somebody):
    return somebody("second reviewer")


@pytest.fixture
def caseworker(somebody):
    return somebody("caseworker")


@pytest.fixture
def second_caseworker(somebody):
    return somebody("second caseworker")


@pytest.fixture
def producer(somebody):
    return somebody("producer")


@pytest.fixture
def session_for():
    """`session_for(kari, orgnr)`: a browser's client that is logged in and acts for the company."""

    def log_in(user: User, orgnr: str = "") -> Client:
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        now = int(clock.now().timestamp())
        session[sessions.BEGAN] = session[sessions.SEEN] = session[sessions.PROVED] = now
        if orgnr:
            sessions.choose(session, orgnr)
        session.save()
        return client

    return log_in


@pytest.fixture
def client_as(session_for, byggmester):
    """`client_as(kari)`: acting for Byggmester AS where the person may."""

    def log_in(user: User) -> Client:
        return session_for(user, byggmester.orgnr)

    return log_in


@pytest.fixture
def world_number():
    """`world_number("employed")`: the identity number of a person of the world."""
    return lambda case: world.person(case).national_id


@pytest.fixture
def crowd(byggmester):
    """`crowd(50)`: the numbers of that many people, some of whom work in Byggmester AS."""

    def numbers(count: int) -> list[str]:
        today = world.on(clock.today())
        here = list(today.employees(byggmester))[: count // 3]
        others = [person for person in reversed(today.people) if person not in here]
        return [person.national_id for person in [*here, *others][:count]]

    return numbers


@pytest.fixture
def fault():
    """`fault("aaregisteret", "silent")`: how a simulated service behaves from now on."""
    return set_fault


@pytest.fixture
def wind_forward(time_machine):
    """`wind_forward(minutes=6)`: that much later, everything due has been done."""

    def wind(**later) -> None:
        time_machine.move_to(clock.now() + timedelta(**later), tick=True)
        rest()

    return wind
