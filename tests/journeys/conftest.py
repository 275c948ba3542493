"""One portal for all journeys, and a browser of their own for each person."""

import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from hmskort.simulators import world
from tests.journeys import steps
from tests.journeys.person import DESK, PHONE, Person, Window
from tests.journeys.portal import Portal, running


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    with running() as opened:
        yield opened


@pytest.fixture(autouse=True)
def what_the_portal_says(portal: Portal) -> Iterator[None]:
    """A journey that breaks shows what went wrong in the portal meanwhile."""
    begun = portal.log.stat().st_size
    yield
    sys.stdout.write(portal.errors_after(begun))


@pytest.fixture(scope="session")
def somebody(browser: Browser, portal: Portal) -> Iterator[Callable[..., Person]]:
    """`somebody("Kari", javascript=False)`: a person of the world who has logged in.

    Without a case it is anyone, who has not.
    """
    contexts = []

    def come(case: str = "", *, javascript: bool = True, window: Window = DESK) -> Person:
        context = browser.new_context(java_script_enabled=javascript, locale="nb-NO", **window)
        contexts.append(context)
        name = world.person(case).name if case else ""
        person = Person.at(portal, context, name)
        if case:
            person.logs_in()
        return person

    yield come
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def kari(somebody) -> Person:
    leader = somebody("Kari")
    leader.acts_for(steps.BYGGMESTER)
    return leader


@pytest.fixture
def on_a_phone(somebody) -> Person:
    """Kari again, with a telephone in her hand."""
    return somebody("Kari", window=PHONE)


@pytest.fixture(scope="session")
def reviewer(somebody) -> Person:
    return somebody("reviewer")


@pytest.fixture(scope="session")
def producer(somebody) -> Person:
    return somebody("producer")


@pytest.fixture(scope="session")
def anyone(somebody) -> Person:
    return somebody()
