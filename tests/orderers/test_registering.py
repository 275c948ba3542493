"""The first order of a kind for a company: who orders is registered, or told what is in the way."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from hmskort.accounts.orderers import rules
from hmskort.accounts.orderers.actions.registering import merge, register
from hmskort.accounts.orderers.models import Orderer
from hmskort.common.dated import Dated
from hmskort.simulators import world
from orders import actions
from orders.actions.ordering import require_orderer
from orders.errors import NotRegistered
from registers.models import CardKind
from tests.builders import a_cart, actor_of, an_orderer, rest
from tests.orderers.conftest import HERE

NEW = "/bli-bestiller/bygg/"
pytestmark = pytest.mark.usefixtures("nobody_is_registered")


def link_in(message):
    return re.search(r"http\S+/bekreft-e-post/\S+", message.body)[0].split("8000")[-1]


@pytest.mark.feature("F026")
def test_who_leads_the_company_registers_with_two_fields(kari, client_as):
    page = client_as(kari).get(NEW)
    assert "Kari Byggestad" in page.content.decode()
    answer = client_as(kari).post(NEW, HERE | {"next": "/bestillinger/"})
    assert answer["Location"] == "/bestillinger/"
    orderer = Orderer.objects.get(user=kari)
    assert orderer.kind_id == "bygg"
    kari.refresh_from_db()
    assert kari.phone == "+4740000001"


def test_the_address_that_was_just_given_is_proposed_for_the_receipt(kari, client_as):
    kari.email = ""
    kari.save()
    client_as(kari).post(NEW, HERE)
    cart = a_cart(kari, "employed")
    page = client_as(kari).get(f"/bestilling/{cart.reference}/levering/")
    assert f'value="{HERE["email"]}"' in page.content.decode()


@pytest.mark.feature("F026")
def test_who_neither_works_there_nor_leads_it_is_refused_with_the_check_and_its_help(
    delegated, registers_as
):
    page = registers_as(delegated("ENK owner"))
    assert page.status_code == 422
    text = page.content.decode()
    assert "Aa-registeret (Nav)" in text
    assert "/hjelp/" in text
    assert HERE["email"] in text, "nothing that was typed is lost"
    assert not Orderer.objects.exists()


@pytest.mark.feature("F026")
def test_who_works_there_may_order_when_it_was_delegated(delegated, registers_as):
    assert registers_as(delegated("employed")).status_code == 302


@pytest.mark.feature("F026")
@pytest.mark.parametrize(
    ("company", "check"),
    [
        ("not VAT registered", "Merverdiavgiftsregisteret"),
        ("bankrupt", "Enhetsregisteret"),
    ],
)
def test_a_company_that_fails_a_check_refuses_its_orderer_with_that_check(
    registers_as, delegated, company, check
):
    leader = delegated("Kari", company)
    page = registers_as(leader, company=world.company(company))
    assert page.status_code == 422
    assert check in page.content.decode()
    assert not Orderer.objects.exists()


def test_a_silent_register_refuses_nobody_and_is_asked_again(delegated, registers_as, fault):
    fault("aaregisteret", "500")
    user = delegated("ENK owner")
    assert registers_as(user).status_code == 302
    orderer = Orderer.objects.get(user=user)
    assert orderer.settled_at is None


def test_what_a_register_says_later_refuses_before_anything_is_paid(
    delegated, registers_as, fault, wind_forward, kari
):
    fault("aaregisteret", "500")
    user = delegated("ENK owner")
    registers_as(user)
    fault("aaregisteret", "off")
    wind_forward(minutes=20)
    order = a_cart(kari, "employed")
    with transaction.atomic(), pytest.raises(NotRegistered) as refused:
        require_orderer(order=order, actor=actor_of(user))
    assert "Aa-registeret" in refused.value.missing[0]


@pytest.mark.feature("F027")
@pytest.mark.feature("F176")
def test_the_bestillerid_is_mailed_once_and_sent_again_when_asked_for(
    kari, client_as, outbox, wind_forward
):
    client = client_as(kari)
    client.post(NEW, HERE)
    client.post(NEW, HERE)
    rest()
    orderer = Orderer.objects.get(user=kari)
    mine = [mail for mail in outbox if orderer.shown in mail.subject]
    assert [mail.to for mail in mine] == [[HERE["email"]]]
    assert orderer.shown in client.get("/min-profil/").content.decode()

    again = reverse("orderers:send_again", args=[orderer.pk])
    client.post(again)
    rest()
    assert len([mail for mail in outbox if orderer.shown in mail.subject]) == 1, "a moment ago"
    wind_forward(minutes=2)
    client_as(kari).post(again)
    rest()
    assert len([mail for mail in outbox if orderer.shown in mail.subject]) == 2


@pytest.mark.feature("F027")
@pytest.mark.feature("F029")
def test_two_companies_give_two_ids_and_so_do_two_kinds(kari):
    every = [("Byggmester AS", "bygg"), ("Byggmester AS", "renhold"), ("ENK", "bygg")]
    numbers = {
        register(
            user=kari,
            orgnr=world.company(company).orgnr,
            company_name=company,
            kind=CardKind.objects.get(code=kind),
            email=HERE["email"],
            phone="+4740000001",
            actor=actor_of(kari),
        ).number
        for company, kind in every * 2
    }
    assert len(numbers) == len(every)


def test_the_bestillerid_of_another_cannot_be_sent(kari, per, client_as):
    client_as(kari).post(NEW, HERE)
    orderer = Orderer.objects.get(user=kari)
    assert client_as(per).post(f"/min-profil/{orderer.pk}/send/").status_code == 404


@pytest.mark.feature("F029")
def test_an_id_for_construction_places_no_order_for_cleaning_until_the_policy_says_so(
    kari, client_as, monkeypatch
):
    client_as(kari).post(NEW, HERE)
    order = a_cart(kari, "employed", kind="renhold")
    Orderer.objects.filter(kind="renhold").delete()
    with pytest.raises(NotRegistered):
        actions.begin_payment(order=order, actor=actor_of(kari))
    page = client_as(kari).get(f"/bestilling/{order.reference}/betal/")
    assert page["Location"].startswith("/bli-bestiller/renhold/?next=")

    since = rules.ONE_ID_PER_KIND[0].since
    monkeypatch.setattr(rules, "ONE_ID_PER_KIND", (Dated(since, value=False, source="test"),))
    assert client_as(kari).get(f"/bestilling/{order.reference}/betal/").status_code == 200


def test_who_types_people_before_registering_keeps_them(kari, client_as, world_number):
    client = client_as(kari)
    answer = client.post("/bestill/", {"kort_type": "bygg", "numbers": world_number("employed")})
    assert answer["Location"].startswith("/bli-bestiller/bygg/?next=")
    onward = client.post(answer["Location"], HERE | {"next": "/bestillinger/"})
    assert onward.status_code == 302


def test_an_address_counts_when_its_link_was_confirmed_and_the_one_before_is_told(
    kari, client_as, outbox
):
    kari.email = "gammel@byggmester.example"
    kari.save()
    kari.emailaddress_set.all().delete()
    client_as(kari).post(NEW, HERE)
    rest()
    link = link_in(outbox[-1])
    kari.refresh_from_db()
    assert kari.email == "gammel@byggmester.example"

    visitor = client_as(kari)
    assert visitor.get(link).status_code == 200
    kari.refresh_from_db()
    assert kari.email == "gammel@byggmester.example", "a look at the link confirms nothing"
    visitor.post(link)
    rest()
    kari.refresh_from_db()
    assert kari.email == HERE["email"]
    assert outbox[-1].to == ["gammel@byggmester.example"]
    assert visitor.get(link).status_code == 410


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("400 00 001", "+4740000001"),
        ("+47 40000001", "+4740000001"),
        ("0047 400 00 001", "+4740000001"),
        ("+48 601-234-567", "+48601234567"),
    ],
)
def test_a_mobile_number_is_understood_as_people_write_it(kari, client_as, typed, stored):
    client_as(kari).post(NEW, HERE | {"phone": typed})
    kari.refresh_from_db()
    assert kari.phone == stored


@pytest.mark.parametrize("typed", ["", "22 22 22 22", "123", "+0 12345678", "ring meg", "40\x000"])
def test_what_is_no_mobile_number_is_told_beside_the_field(kari, client_as, typed):
    page = client_as(kari).post(NEW, HERE | {"phone": typed})
    assert page.status_code == 422
    assert "phone" in page.context["form"].errors


def test_who_had_two_users_by_two_numbers_has_the_ids_of_both(kari, per, client_as):
    client_as(per).post(NEW, HERE)
    client_as(kari).post("/bli-bestiller/bygg/", HERE)
    with_two_kinds = an_orderer(per, kind="renhold")
    merge(old=per.person, one=kari.person)
    kinds = Orderer.objects.filter(user=kari).values_list("kind", flat=True)
    assert sorted(kinds) == ["bygg", "renhold"]
    assert Orderer.objects.get(pk=with_two_kinds.pk).user == kari
