"""The real client speaks to the real simulator; only the sockets are left out."""

import pytest

from hmskort.simulators import world
from hmskort.simulators.faults import set_fault
from hmskort.simulators.store import Store
from registers.clients import client

# A question to each register that has an answer in a healthy world.
QUESTIONS = {
    "enhetsregisteret": lambda: companies().company(world.company("Byggmester AS").orgnr),
    "folkeregisteret": lambda: persons().person(world.person("employed").national_id),
    "aaregisteret": lambda: employments().employments(world.person("employed").national_id),
    "renholdsregisteret": lambda: client("renholdsregisteret").snapshot().rows,
    "bemanningsforetaksregisteret": lambda: client("bemanningsforetaksregisteret").snapshot().rows,
    "oar": lambda: client("oar").posted_work(
        world.company("NUF").orgnr, world.person("posted worker").national_id
    ),
    "udi": lambda: client("udi").right_to_work(world.person("not EEA").national_id),
    "krr": lambda: client("krr").contacts([world.person("employed").national_id]),
}


def companies():
    return client("enhetsregisteret")


def persons():
    return client("folkeregisteret")


def employments():
    return client("aaregisteret")


@pytest.fixture(autouse=True)
def in_the_database(db):
    pass


@pytest.fixture
def store():
    return Store()


@pytest.fixture(params=QUESTIONS)
def register(request):
    return request.param


@pytest.fixture
def ask(register):
    return QUESTIONS[register]


@pytest.fixture
def fault():
    return set_fault
