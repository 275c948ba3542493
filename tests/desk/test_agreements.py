"""The desk registers a company; nothing is ordered before the company accepts the terms."""

import re

import pytest
from django.core import mail

from hmskort.accounts.orderers.models import Agreement
from hmskort.accounts.orderers.queries import promise_days
from hmskort.audit.models import Event
from hmskort.simulators import world
from orders import actions
from orders.errors import Incomplete
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def at_desk(caseworker, session_for):
    return session_for(caseworker)


def registers(client, company, **more):
    typed = {
        "orgnr": company.orgnr,
        "company_name": company.name,
        "contact_name": "Kari Byggestad",
        "contact_email": "kari@byggmester.example",
        "language": "nb",
        "promise_days": 14,
    }
    return client.post("/avtaler/ny/", typed | more)


@pytest.fixture
def full_cart(kari):
    order = with_files(a_cart(kari, "employed"), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    order.refresh_from_db()
    return order


@pytest.mark.feature("F040")
def test_a_company_that_the_desk_registered_orders_when_it_has_accepted_the_terms(
    kari, client_as, at_desk, full_cart, outbox
):
    byggmester = world.company("Byggmester AS")
    registers(at_desk, byggmester)
    rest()
    assert outbox[-1].to == ["kari@byggmester.example"]
    with pytest.raises(Incomplete) as refused:
        actions.begin_payment(order=full_cart, actor=actor_of(kari))
    assert any("vilkår" in lack for lack in refused.value.missing)

    wall = client_as(kari).get(f"/bestilling/{full_cart.reference}/betal/")
    assert wall["Location"].startswith(f"/avtale/{byggmester.orgnr}/?next=")
    link = re.search(r"/avtale/\d{9}/", outbox[-1].body)[0]
    page = client_as(kari).get(link)
    assert "14" in page.content.decode()
    assert client_as(kari).post(link, {}).status_code == 422, "unread terms are not accepted"
    client_as(kari).post(link, {"accepted": "on"})
    agreement = Agreement.objects.get()
    assert (agreement.accepted_by, agreement.terms_version) == (kari, "2026-1")
    assert Event.objects.filter(name="agreement:accepted", orgnr=byggmester.orgnr).count() == 1
    assert actions.begin_payment(order=full_cart, actor=actor_of(kari)).page_url


@pytest.mark.feature("F040")
def test_the_promise_is_the_agreement_s_and_can_be_changed(at_desk, kari, client_as, byggmester):
    registers(at_desk, byggmester)
    assert promise_days(byggmester.orgnr) is None, "nobody has accepted it yet"
    client_as(kari).post(f"/avtale/{byggmester.orgnr}/", {"accepted": "on"})
    assert promise_days(byggmester.orgnr) == 14
    at_desk.post(f"/avtaler/{byggmester.orgnr}/", {"promise_days": 7})
    assert promise_days(byggmester.orgnr) == 7
    assert at_desk.post(f"/avtaler/{byggmester.orgnr}/", {"promise_days": 0}).status_code == 422


def test_others_do_not_see_the_agreement(at_desk, ola, session_for, byggmester):
    registers(at_desk, byggmester)
    client = session_for(ola)
    assert client.get(f"/avtale/{byggmester.orgnr}/").status_code == 404
    assert client.post(f"/avtale/{byggmester.orgnr}/", {"accepted": "on"}).status_code == 404
    assert Agreement.objects.get().accepted_at is None


def test_a_company_has_one_agreement(at_desk, byggmester):
    assert registers(at_desk, byggmester).status_code == 302
    again = registers(at_desk, byggmester, company_name="Noe annet")
    assert again.status_code == 422
    assert "Noe annet" in again.content.decode()


def test_the_list_finds_a_company_by_name_and_number(at_desk, byggmester):
    assert "Ingen avtaler" in at_desk.get("/avtaler/").content.decode()
    registers(at_desk, byggmester)
    for sought in ("bygg", byggmester.orgnr):
        assert byggmester.name in at_desk.get(f"/avtaler/?q={sought}").content.decode()
    assert byggmester.name not in at_desk.get("/avtaler/?q=finnes-ikke").content.decode()
