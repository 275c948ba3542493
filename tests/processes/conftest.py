"""Real processes that are killed. One portal for all, made whole before each test."""

import pytest

from tests.processes.ordering import Town
from tests.processes.portal import a_portal
from tests.processes.station import Station


@pytest.fixture(scope="session")
def running_portal():
    with a_portal() as portal:
        yield portal


@pytest.fixture(scope="session")
def running_town(running_portal):
    town = Town(running_portal)
    yield town
    town.close()


@pytest.fixture
def portal(running_portal):
    running_portal.make_whole()
    return running_portal


@pytest.fixture
def town(portal, running_town):
    return running_town


@pytest.fixture
def station(portal):
    station = Station(portal)
    yield station
    station.stop()
