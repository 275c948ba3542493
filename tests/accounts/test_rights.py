"""What a delegate may do is what was given: each right opens its own pages and nothing else."""

from html import unescape

import pytest

from hmskort.accounts import actions, queries
from hmskort.accounts.models import Access, Right
from hmskort.audit.actor import SYSTEM
from tests.builders import a_cart
from tests.cards.builders import issued


@pytest.fixture
def per_may(per, byggmester):
    """`per_may(Right.SEE)`: Per's delegation gives just these rights."""

    def give(*rights):
        held = Access.objects.filter(person=per.person, main_orgnr=byggmester.orgnr)
        held.update(rights=[str(right) for right in rights])

    return give


@pytest.fixture
def doors(kari):
    """A page that stands for each right."""
    card, order = issued(case="also employed"), a_cart(kari, "employed")
    return {
        Right.SEE: "/bestillinger/",
        Right.ORDER: "/bestill/",
        Right.RENEW: "/forny/",
        Right.BLOCK: f"/kort/{card.number}/sperr/",
        Right.PAY: f"/bestilling/{order.reference}/betal/",
    }


@pytest.mark.feature("F194")
@pytest.mark.parametrize("right", Right)
def test_a_right_opens_its_page_and_no_other(right, doors, per, per_may, client_as):
    per_may(Right.SEE, right)
    browser = client_as(per)
    closed = {each for each, door in doors.items() if browser.get(door).status_code == 403}
    assert closed == set(Right) - {Right.SEE, right}


@pytest.mark.feature("F194")
def test_who_lacks_the_right_is_told_which_and_who_can_give_it(per, kari, per_may, client_as):
    per_may(Right.SEE, Right.BLOCK, Right.PAY, Right.RENEW)
    answer = client_as(per).get("/bestill/")
    text = " ".join(unescape(answer.content.decode()).split())
    assert answer.status_code == 403
    assert "Du har ikke fått rett til å bestille kort for " in text
    assert "Disse kan gi deg retten: Kari Byggestad" in text


def test_who_may_only_look_is_not_led_into_ordering(per, per_may, client_as):
    per_may(Right.SEE)
    shown = client_as(per).get("/bestillinger/").content.decode()
    assert 'href="/bestill/"' not in shown


def test_who_may_only_look_begins_at_the_orders(per, per_may, session_for, byggmester):
    per_may(Right.SEE)
    chosen = session_for(per).post("/velg-virksomhet/", {"orgnr": byggmester.orgnr})
    assert chosen["Location"] == "/bestillinger/"


def test_two_facts_give_the_rights_of_both(per, per_may, byggmester):
    per_may(Right.SEE)
    Access.objects.create(
        person=per.person,
        main_orgnr=byggmester.orgnr,
        source=Access.Source.ALTINN,
        rights=[Right.SEE, Right.BLOCK],
    )
    acting = queries.acting(per, byggmester.orgnr)
    assert acting.may(Right.BLOCK)
    assert not acting.may(Right.ORDER)


def test_a_delegation_from_before_rights_were_told_apart_has_all_of_them(ola, kari, byggmester):
    actions.delegate(
        person=ola.person, orgnr=byggmester.orgnr, until=None, given_by=kari, actor=SYSTEM
    )
    assert queries.acting(ola, byggmester.orgnr).rights == set(Right.values)
