"""Every route says who may use it, and holds to it."""

import re
import uuid

import pytest
from django.urls import URLPattern, URLResolver

from hmskort import urls
from hmskort.accounts.models import StaffRole

OPEN = {"public", "station", "webhook"}  # machines show their token to the view itself
GATED = {"logged_in", "for_company", "for_leaders", *(f"staff:{role}" for role in StaffRole)}
SAMPLES = {"uuid": str(uuid.UUID(int=7)), "int": "4711", "slug": "finnes-ikke", "path": "x/y"}
NO_SUCH_METHOD = 405
CONVERTER = re.compile(r"<(?:(\w+):)?\w+>")


def routes(patterns=urls.urlpatterns, above=""):
    """Every address of the portal with its view."""
    for pattern in patterns:
        address = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def sample(address):
    """An address as somebody would type it, naming what does not exist."""
    return "/" + CONVERTER.sub(lambda found: SAMPLES.get(found[1], "finnes-ikke"), address)


def answers(client, address):
    """What the address answers to GET and to POST, save that the view knows no such method."""
    found = [client.get(sample(address)), client.post(sample(address))]
    return [response for response in found if response.status_code != NO_SUCH_METHOD]


ROUTES = list(routes())
BEHIND_A_GATE = [address for address, view in ROUTES if getattr(view, "access", "") in GATED]
OF_DJANGO = [address for address in BEHIND_A_GATE if address.startswith("administrasjon/")]
FOR_COMPANIES = [
    a for a, view in ROUTES if getattr(view, "access", "") in {"for_company", "for_leaders"}
]
FOR_STAFF = [(a, v.access) for a, v in ROUTES if getattr(v, "access", "").startswith("staff:")]


@pytest.mark.parametrize(("address", "view"), ROUTES, ids=[address for address, _ in ROUTES])
def test_every_route_says_who_may_use_it(address, view):
    assert getattr(view, "access", None) in OPEN | GATED


@pytest.mark.parametrize("address", BEHIND_A_GATE)
def test_who_is_not_logged_in_is_asked_to(db, client, address):
    found = [response["Location"] for response in answers(client, address)]
    assert found
    assert all(place.startswith("/logg-inn/") for place in found)


@pytest.mark.parametrize("address", FOR_COMPANIES)
def test_ola_acts_for_nobody(ola, session_for, byggmester, address):
    found = answers(session_for(ola, byggmester.orgnr), address)
    assert found
    assert all(response["Location"].startswith("/velg-virksomhet/") for response in found)


@pytest.mark.parametrize("address", [a for a in FOR_COMPANIES if "<" in a])
def test_what_a_company_does_not_have_does_not_exist(kari, client_as, address):
    assert {response.status_code for response in answers(client_as(kari), address)} == {404}


@pytest.mark.parametrize(("address", "access"), FOR_STAFF)
def test_staff_pages_do_not_exist_for_those_who_order(kari, client_as, address, access):
    assert {response.status_code for response in answers(client_as(kari), address)} == {404}


@pytest.mark.parametrize(("address", "access"), FOR_STAFF)
def test_one_staff_role_does_not_open_the_pages_of_another(somebody, session_for, address, access):
    other = somebody("producer" if access == "staff:reviewer" else "reviewer")
    assert {response.status_code for response in answers(session_for(other), address)} == {404}


@pytest.mark.parametrize("address", [a for a in BEHIND_A_GATE if "<" in a])
def test_no_address_behind_a_gate_takes_any_text(address):
    """The database refuses some characters that an address can hold, so each part has a shape."""
    shapes = set(CONVERTER.findall(address)) - ({"path"} if address in OF_DJANGO else set())
    assert shapes <= {"uuid", "int", "slug"}
