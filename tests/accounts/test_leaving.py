"""Access ends when the person leaves, as Aa-registeret says; silence ends nothing."""

from datetime import timedelta

import pytest

from hmskort.accounts import actions as accounts
from hmskort.accounts import queries
from hmskort.accounts.delegation import leaving
from hmskort.accounts.delegation.rules import Work, work
from hmskort.accounts.models import Access
from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.simulators import world
from hmskort.simulators.hand import people
from hmskort.simulators.store import Store
from registers import employers
from registers.models import Employer
from tests.accounts.giving import give, written_to
from tests.builders import rest


@pytest.fixture
def nora(kari, client_as, somebody):
    """Nora is employed, and was let in by Kari."""
    kari.email = "kari@byggmester.example"
    kari.save()
    give(client_as(kari), "employed")
    rest()
    return somebody("employed")


def heard():
    """Aa-registeret is read anew, and what follows has been done."""
    Employer.objects.update(due_at=clock.now())
    employers.reread(10)
    rest()


def leaves(orgnr, day=None):
    number = world.person("employed").national_id
    people.end_employment(Store(), number, orgnr, day or clock.today() - timedelta(days=1))


def access_of(user):
    return Access.objects.get(person=user.person)


@pytest.mark.feature("F039")
def test_who_leaves_may_act_no_more_and_the_leader_is_told_once(nora, byggmester):
    assert queries.acting(nora, byggmester.orgnr)
    leaves(byggmester.orgnr)
    heard()
    assert queries.acting(nora, byggmester.orgnr) is None
    heard()
    [(subject, text)] = written_to("kari@byggmester.example")
    assert subject == "Tilgangen til Nora Tømmerås er stanset"
    assert "har sluttet" in text
    names = Event.objects.filter(subject_id=str(access_of(nora).pk)).values_list("name", flat=True)
    assert list(names).count("access:suspended") == 1


@pytest.mark.feature("F039")
def test_where_no_leader_has_an_address_the_last_order_says_whom_to_tell(nora, kari, byggmester):
    kari.email = ""
    kari.save()
    from_order = "innkjop@byggmester.example"
    order = a_sent_order(kari, byggmester, from_order)
    leaves(byggmester.orgnr)
    heard()
    assert order
    assert [subject for subject, _ in written_to(from_order)] == [
        "Tilgangen til Nora Tømmerås er stanset"
    ]


def a_sent_order(kari, byggmester, email):
    from orders.models import Order  # noqa: PLC0415 - this test alone looks so far up
    from registers.models import CardKind  # noqa: PLC0415

    return Order.objects.create(
        orgnr=byggmester.orgnr,
        company_name=byggmester.name,
        kind=CardKind.objects.get(code="bygg"),
        orderer=kari,
        contact_email=email,
        state="submitted",
        submitted_at=clock.now(),
    )


@pytest.mark.feature("F039")
def test_a_last_day_that_was_known_ends_the_access_when_it_has_passed(
    nora, byggmester, wind_forward
):
    leaves(byggmester.orgnr, clock.today() + timedelta(days=3))
    heard()
    assert queries.acting(nora, byggmester.orgnr)
    wind_forward(days=4)
    assert queries.acting(nora, byggmester.orgnr) is None


@pytest.mark.feature("F039")
@pytest.mark.parametrize("how", ["silent", "500", "garbage"])
def test_a_register_that_gives_no_answer_ends_nothing(nora, byggmester, fault, how):
    leaves(byggmester.orgnr)
    fault("aaregisteret", how)
    heard()
    assert queries.acting(nora, byggmester.orgnr)


def test_who_comes_back_may_act_again(nora, byggmester):
    leaves(byggmester.orgnr)
    heard()
    number = world.person("employed").national_id
    people.start_employment(Store(), number, byggmester.subunits[0], clock.today())
    heard()
    assert queries.acting(nora, byggmester.orgnr)


def test_who_moves_to_another_sub_unit_has_not_left(nora, byggmester):
    number = world.person("employed").national_id
    people.start_employment(Store(), number, byggmester.subunits[1], clock.today())
    leaves(byggmester.subunits[0])
    heard()
    assert queries.acting(nora, byggmester.orgnr)


def test_who_has_a_role_keeps_their_access(kari, byggmester):
    number = world.person("Kari").national_id
    people.end_employment(Store(), number, byggmester.orgnr, clock.today() - timedelta(days=1))
    leaving.hear_of(person=str(kari.person.pk))
    assert queries.acting(kari, byggmester.orgnr)


def test_one_from_outside_was_never_employed_and_keeps_their_access(per, byggmester):
    leaving.hear_of(person=str(per.person.pk))
    assert queries.acting(per, byggmester.orgnr)


@pytest.mark.feature("F036")
def test_one_said_to_be_employed_who_is_not_must_be_authorised(kari, client_as, somebody):
    access = give(client_as(kari), "Ola")
    rest()
    access.refresh_from_db()
    assert access.outside
    shown = client_as(kari).get(f"/virksomhet/tilgang/{access.pk}/").content.decode()
    assert "Mangler fullmakt" in shown
    assert "Ikke ansatt ifølge Aa-registeret" in shown


def test_a_leader_may_let_one_who_left_go_on_from_outside(nora, kari, client_as, byggmester):
    leaves(byggmester.orgnr)
    heard()
    client_as(kari).post(f"/virksomhet/tilgang/{access_of(nora).pk}/gi-tilbake/")
    heard()
    acting = queries.acting(nora, byggmester.orgnr)
    assert acting
    assert not acting.authorised


def test_one_from_outside_who_is_employed_is_outside_no_longer_and_is_heard_of_when_they_leave(
    nora, kari, byggmester
):
    Access.objects.filter(person=nora.person).update(outside=True, employed_at=None)
    assert not queries.acting(nora, byggmester.orgnr).authorised
    leaving.hear_of(person=str(nora.person.pk))
    assert not access_of(nora).outside
    assert queries.acting(nora, byggmester.orgnr).authorised, "an employee needs no authorisation"
    assert Event.objects.filter(name="delegation:employed").count() == 1
    leaves(byggmester.orgnr)
    heard()
    assert queries.acting(nora, byggmester.orgnr) is None


def test_who_left_while_a_role_was_theirs_is_heard_of_when_the_role_ends(nora, byggmester):
    role = Access.objects.create(
        person=nora.person, main_orgnr=byggmester.orgnr, source=Access.Source.ROLE, role="LEDE"
    )
    leaves(byggmester.orgnr)
    heard()
    given = Access.objects.get(person=nora.person, source=Access.Source.DELEGATION)
    assert given.suspended_at is None
    nora.accesses_asked_at = None
    nora.save()
    accounts.refresh_accesses(user=nora)
    rest()
    role.refresh_from_db()
    given.refresh_from_db()
    assert role.ended_at
    assert given.suspended_at
    assert queries.acting(nora, byggmester.orgnr) is None


TODAY = clock.today()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("periods", "answered", "employed", "said"),
    [
        ([], False, False, Work.UNKNOWN),
        ([], True, False, Work.NEVER),
        ([], True, True, Work.LEFT),
        ([(TODAY, None)], True, False, Work.WORKS),
        ([(TODAY - DAY, TODAY)], True, True, Work.WORKS),
        ([(TODAY + DAY, None)], True, True, Work.WORKS),
        ([(TODAY - DAY, TODAY - DAY)], True, True, Work.LEFT),
        ([(TODAY - DAY, TODAY - DAY)], True, False, Work.NEVER),
        ([(TODAY - DAY, TODAY - DAY), (TODAY, None)], True, True, Work.WORKS),
    ],
)
def test_what_aaregisteret_says_of_somebodys_work(periods, answered, employed, said):
    assert work(periods, answered=answered, employed=employed, on=TODAY) == said
