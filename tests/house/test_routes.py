"""Everything Kari may do and Ola may not: every address of the portal, walked as everybody."""

import pytest
from django.test import Client

from hmskort.accounts.delegation import authorising
from hmskort.accounts.models import Access, Authorisation, Right, StaffRole
from hmskort.common.uploads.limits import Picture
from hmskort.desk.models import Attachment, Case
from hmskort.simulators import world
from tests import pictures
from tests.builders import a_cart, actor_of, with_files
from tests.cards.builders import issued
from tests.house.routing import CONVERTER, OF_DJANGO, ROUTES, TABLE, stamped, table
from tests.orders.paying import paid_order

OPEN = {"public", "station", "webhook"}  # machines show their token to the view itself
NO_SUCH_METHOD = 405
SHAPES = {"uuid", "int", "slug"}
# Who walks, and what they are: which rights they have, whether they lead, their staff role.
ACTING = {"kari": set(Right), "per": set(Right), "looker": {Right.SEE}}
STAFF = {"reviewer", "producer", "caseworker", "administrator"}
WALKERS = ["anonymous", *ACTING, "ola", *sorted(STAFF)]


def expected(route, walker, method):
    """The right answer to the walker: in, login, choose (a company), 403 or 404."""
    if route.who in OPEN:
        return "in"
    if walker == "anonymous":
        return "login"
    if route.who.startswith("staff:"):
        return "in" if walker in route.who.removeprefix("staff:").split(",") else "404"
    return "in" if route.who == "logged_in" else expected_for_a_company(route, walker, method)


def expected_for_a_company(route, walker, method):
    if walker not in ACTING:
        return "choose"
    if route.who == "for_leaders":
        return "in" if walker == "kari" else "404"
    wanted = set((route.reading if method == "get" else route.changing).split(","))
    return "in" if wanted & ACTING[walker] or wanted == {"see"} else "403"


def answered(response):
    """What the answer was, in the same words; a view that has no such method says nothing."""
    place = response.headers.get("Location", "")
    if place.startswith("/logg-inn/?") or place == "/logg-inn/":
        return "login"
    if place.startswith("/velg-virksomhet/?") or place == "/velg-virksomhet/":
        return "choose"
    if response.status_code in {403, 404, NO_SUCH_METHOD}:
        return str(response.status_code)
    return "in" if response.status_code < 500 else f"fault {response.status_code}"


def is_right(route, wanted, got):
    """What does not exist is not there for anybody who is let in, and machines show no token."""
    if got in {wanted, str(NO_SUCH_METHOD)}:
        return True
    if wanted != "in":
        return False
    if route.address.startswith(OF_DJANGO) and got == "403":
        return True  # what an administrator may not delete or change either
    return (got == "404" and bool(route.parts)) or got in LET_IN.get(route.who, ())


LET_IN = {
    "public": {"404", "login", "choose"},  # the login itself leads on
    "station": {"403", "404"},
    "webhook": {"403"},
    "logged_in": {"404", "choose"},
}


@pytest.fixture
def looker(somebody, kari, byggmester):
    """Somebody who was let in to look, and nothing else."""
    user = somebody("also employed")
    Access.objects.create(
        person=user.person,
        main_orgnr=byggmester.orgnr,
        source=Access.Source.DELEGATION,
        rights=[Right.SEE],
        given_by=kari,
    )
    return user


@pytest.fixture
def administrator(somebody):
    return somebody("administrator")


def test_the_table_says_of_every_address_who_may_use_it():
    """An address that is new, or used by others than before, is a line to change in the table."""
    missing = sorted(set(stamped()) - set(table()))
    over = sorted(set(table()) - set(stamped()))
    assert not missing, f"put into {TABLE.name}:\n" + "\n".join(missing)
    assert not over, f"take out of {TABLE.name}:\n" + "\n".join(over)


def test_the_table_names_nobody_who_does_not_exist():
    known = {"public", "station", "webhook", "logged_in", "for_company", "for_leaders"}
    for route in ROUTES:
        roles = route.who.removeprefix("staff:").split(",")
        assert route.who in known or set(roles) <= set(StaffRole), route.line


@pytest.fixture
def browser_of(session_for, byggmester):
    """A browser that is logged in as the user, if there is one."""
    return lambda user: session_for(user, byggmester.orgnr) if user else Client()


@pytest.mark.parametrize("walker", WALKERS)
def test_every_address_answers_everybody_as_the_table_says(walker, request, db, browser_of):
    user = None if walker == "anonymous" else request.getfixturevalue(walker)
    wrong, heard, browser = [], 0, browser_of(user)
    for route in ROUTES:
        for method in ("get", "post"):
            got = answered(getattr(browser, method)(route.filled()))
            if route.address.startswith("logg-ut/"):
                browser = browser_of(user)
            wanted = expected(route, walker, method)
            heard += got == wanted
            if not is_right(route, wanted, got):
                wrong.append(f"{method} {route.address}: {got}, not {wanted}")
    assert not wrong, "\n".join(wrong)
    assert heard > len(ROUTES) / 2


@pytest.fixture
def things(kari, byggmester):
    """What Byggmester AS has, by the beginning of the addresses where it is shown."""
    sent = paid_order(kari, "also employed")
    cart = with_files(a_cart(kari, "employed"), kari)
    card = issued(case="Kari")
    case = Case.objects.create(
        kind=Case.Kind.MAIL, orgnr=byggmester.orgnr, company_name=byggmester.name, sender=kari
    )
    piece = cart.lines.get().portrait
    paper = Attachment.objects.create(case=case, document="other", file=piece.file, sha256="-")
    access = Access.objects.get(main_orgnr=byggmester.orgnr, source=Access.Source.DELEGATION)
    stored = authorising.store(
        access=access,
        rights=access.rights,
        blocks_cards=Authorisation.Blocks.BOTH,
        document=Picture(pictures.portrait(), 600, 750),
        to_on=None,
        stored_by=kari,
        actor=actor_of(kari),
    )
    line = sent.lines.get().reference
    return {
        "bestilling/": {
            "reference": cart.reference,
            "line": cart.lines.get().reference,
            "piece": piece.pk,
        },
        "bestillinger/": {"reference": sent.reference, "line": line},
        "kort/": {"number": card.number},
        "henvendelser/": {"reference": case.reference, "attachment": paper.pk},
        "virksomhet/": {"access": access.pk, "authorisation": stored.pk},
        "betaling/": {"payment_id": sent.payment_id},
    }


def status_of(response):
    """What the answer says; a file is read to its end, so that it is closed."""
    if response.streaming:
        b"".join(response)
    return response.status_code


OF_A_COMPANY = [
    route
    for route in ROUTES
    if route.parts and route.who in {"for_company", "for_leaders", "logged_in"}
]


@pytest.fixture
def elsewhere(somebody, session_for):
    """Mona, who leads another company."""
    return session_for(somebody("leader of many"), world.company("painter").orgnr)


def test_what_another_company_has_does_not_exist(things, per, kari, elsewhere, client_as):
    """To Mona nothing of this company is there. To Kari all of it is."""
    seen, wrong = 0, []
    for route in OF_A_COMPANY:
        known = next((row for start, row in things.items() if route.address.startswith(start)), {})
        address = route.filled(known)
        for method in ("get", "post"):
            got = status_of(getattr(elsewhere, method)(address))
            if got not in {404, NO_SUCH_METHOD}:
                wrong.append(f"{method} {address}: {got}")
        if {name for _, name in route.parts} <= set(known):
            seen += status_of(client_as(kari).get(address)) not in {404, NO_SUCH_METHOD}
    assert not wrong, "\n".join(wrong)
    assert seen > 15


@pytest.mark.parametrize(
    "route", [each for each in ROUTES if each.parts and each.who not in OPEN], ids=str
)
def test_no_address_behind_a_gate_takes_any_text(route):
    """The database refuses some characters that an address can hold, so each part has a shape."""
    shapes = {shape for shape, _ in CONVERTER.findall(route.address)}
    assert shapes <= SHAPES | ({"path"} if route.address.startswith(OF_DJANGO) else set())
