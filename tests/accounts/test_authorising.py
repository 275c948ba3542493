"""Who is outside the company orders only with its authorisation, signed here or stored."""

import io
from datetime import datetime, time, timedelta

import pypdfium2
import pytest

from hmskort.accounts import queries
from hmskort.accounts.delegation import authorising, rules
from hmskort.accounts.models import Access, Authorisation
from hmskort.accounts.orderers.models import Agreement
from hmskort.audit.models import Event
from hmskort.common import clock
from orders import actions
from orders.errors import Incomplete
from orders.models import Order
from tests.accounts.giving import give
from tests.builders import ADDRESS, a_cart, actor_of, file_of, rest, with_files
from tests.cards.builders import produced
from tests.orders.paying import at_the_payment_page


@pytest.fixture
def leader(kari, client_as):
    return client_as(kari)


@pytest.fixture
def ola_outside(leader, somebody):
    """Ola does the company's ordering from outside, and nobody has signed anything yet."""
    give(leader, "Ola", where="outside", rights=["order", "pay", "block"])
    rest()
    return somebody("Ola")


@pytest.fixture
def address(ola_outside):
    return f"/virksomhet/tilgang/{Access.objects.get(person=ola_outside.person).pk}/"


def page(response):
    return " ".join(response.content.decode().split())


def signed(leader, address, blocks="delegate", rights=("order", "pay", "block")):
    form = {"blocks_cards": blocks, "rights": rights, "signed": "on"}
    return leader.post(f"{address}fullmakt/", form)


def ready_cart(user):
    order = with_files(a_cart(user, "employed"), user)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(user))
    return order


@pytest.mark.feature("F036")
def test_the_first_order_is_accepted_when_the_authorisation_is_there(
    leader, ola_outside, address, client_as
):
    order = ready_cart(ola_outside)
    with pytest.raises(Incomplete) as refused:
        at_the_payment_page(order, ola_outside)
    assert "ingen fullmakt" in refused.value.missing[0]
    assert "Du trenger en fullmakt" in page(client_as(ola_outside).get("/bestill/"))
    signed(leader, address)
    assert at_the_payment_page(order, ola_outside).page_url
    assert "Du trenger en fullmakt" not in page(client_as(ola_outside).get("/bestill/"))


@pytest.mark.feature("F036")
def test_on_the_page_the_refusal_is_told_and_nothing_is_begun(ola_outside, client_as):
    order = ready_cart(ola_outside)
    answer = client_as(ola_outside).post(f"/bestilling/{order.reference}/betal/", {"declared": "1"})
    assert answer.status_code in {302, 422}  # 302: not registered as orderer either
    assert Order.objects.get(pk=order.pk).state == "cart"


@pytest.mark.feature("F036")
def test_an_authorisation_that_has_run_out_accepts_no_new_orders(
    leader, ola_outside, address, time_machine
):
    signed(leader, address)
    order = ready_cart(ola_outside)
    Authorisation.objects.update(to_on=clock.today())
    assert queries.acting(ola_outside, order.orgnr).authorised
    time_machine.move_to(clock.now() + timedelta(days=1), tick=True)
    with pytest.raises(Incomplete):
        at_the_payment_page(order, ola_outside)


@pytest.mark.feature("F037")
def test_nothing_is_signed_before_it_is_said_who_blocks_cards(leader, address, ola_outside):
    answer = leader.post(f"{address}fullmakt/", {"signed": "on", "rights": ["order"]})
    assert answer.status_code == 422
    assert "Hvem melder kort sperret eller tapt?: Velg et alternativ" in page(answer)
    assert not Authorisation.objects.filter(access__person=ola_outside.person).exists()


@pytest.mark.feature("F037")
def test_the_words_that_were_signed_are_kept_with_who_blocks_cards(leader, address, kari):
    signed(leader, address)
    held = Authorisation.objects.get(signed_by=kari, blocks_cards="delegate")
    assert "gir Ola Utenfor fullmakt" in held.statement
    assert "Fullmakten omfatter å se bestillinger og kort, bestille kort" in held.statement
    assert "Kort meldes sperret eller tapt av: den som får fullmakten." in held.statement
    assert "Ola Utenfor fullmakt" in page(leader.get(address))


@pytest.mark.parametrize(
    ("blocks", "rights", "said"),
    [
        ("both", ["order"], "må fullmakten omfatte det"),
        ("delegate", ["order"], "må fullmakten omfatte det"),
        ("company", ["order", "block"], "kan fullmakten ikke omfatte det"),
        ("company", [], "Velg hva fullmakten omfatter."),
    ],
)
def test_who_blocks_cards_and_what_it_is_for_agree(leader, address, blocks, rights, said):
    answer = signed(leader, address, blocks, rights)
    assert answer.status_code == 422
    assert said in page(answer)
    assert not Authorisation.objects.filter(statement__contains="Ola").exists()


def changed(leader, address, access, rights):
    form = {
        "rights": rights,
        "where": "outside",
        "from_on": access.from_on.isoformat(),
        "to_on": access.to_on.isoformat(),
        "contact_email": access.contact_email,
        "language": "nb",
    }
    return leader.post(f"{address}endre/", form)


@pytest.mark.feature("F036")
def test_somebody_outside_is_given_what_the_authorisation_is_for_and_no_more(
    leader, address, ola_outside, byggmester
):
    signed(leader, address, "company", ["order"])
    access = Access.objects.get(person=ola_outside.person)
    assert access.rights == ["see", "order"], "what was signed is what they may do"
    answer = changed(leader, address, access, ["order", "pay"])
    assert answer.status_code == 422
    assert "Fullmakten omfatter ikke å betale." in answer.context["form"].errors["rights"][0]
    access.refresh_from_db()
    assert access.rights == ["see", "order"]
    signed(leader, address, "company", ["order", "pay"])
    assert queries.acting(ola_outside, byggmester.orgnr).may("pay")
    assert changed(leader, address, access, ["pay"]).status_code == 302, "less is always possible"


def test_a_right_that_no_authorisation_is_for_authorises_nothing(
    leader, address, ola_outside, byggmester
):
    signed(leader, address, "company", ["order"])
    assert queries.acting(ola_outside, byggmester.orgnr).authorised
    Access.objects.filter(person=ola_outside.person).update(rights=["see", "order", "pay"])
    assert not queries.acting(ola_outside, byggmester.orgnr).authorised


@pytest.mark.feature("F037")
def test_nobody_outside_blocks_a_card_before_it_is_said_that_they_do(
    leader, address, ola_outside, client_as
):
    card = produced(case="also employed")
    report = f"/kort/{card.number}/sperr/"
    assert client_as(ola_outside).post(report, {"reason": "left"}).status_code == 403
    signed(leader, address)
    assert client_as(ola_outside).post(report, {"reason": "left"}).status_code == 302
    card.refresh_from_db()
    assert card.state == "blocked"


def test_the_right_to_block_is_not_taken_from_who_is_to_block(leader, address, ola_outside):
    signed(leader, address)
    access = Access.objects.get(person=ola_outside.person)
    answer = changed(leader, address, access, ["order"])
    assert answer.status_code == 422
    assert "Fullmakten sier at personen melder kort" in page(answer)


@pytest.mark.feature("F036")
def test_a_signed_paper_is_stored_and_shown_to_the_leader(leader, address, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    answer = leader.post(
        f"{address}fullmakt/fil/",
        {
            "document": file_of("id_copy"),
            "blocks_cards": "company",
            "rights": ["order", "pay"],
            "to_on": (clock.today() + timedelta(days=30)).isoformat(),
        },
    )
    assert answer.status_code == 302, page(answer)
    held = Authorisation.objects.get(kind=Authorisation.Kind.FILE)
    shown = leader.get(f"{address}fullmakt/{held.pk}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Cache-Control"] == "private, no-store"
    assert "Vis fullmakten" in page(leader.get(address))
    assert authorising.remove_orphans() == 0


def test_an_authorisation_is_deleted_three_years_after_it_stopped_holding(
    leader, address, ola_outside, time_machine
):
    signed(leader, address)
    mine = Authorisation.objects.filter(access__person=ola_outside.person)
    last = mine.get().to_on
    kept = rules.AUTHORISATION_KEPT[0].value
    time_machine.move_to(noon(last + kept))
    authorising.delete_old()
    assert mine.exists()
    time_machine.move_to(noon(last + kept + timedelta(days=1)))
    authorising.delete_old()
    assert not mine.exists()
    assert Event.objects.filter(name="authorisation:deleted").exists()


def test_nobody_outside_accepts_terms_for_the_company_before_they_are_authorised(
    leader, address, ola_outside, client_as, byggmester
):
    held = Agreement.objects.create(
        orgnr=byggmester.orgnr,
        company_name=byggmester.name,
        contact_name="Kari",
        contact_email="kari@byggmester.example",
        registered_by=ola_outside,
    )
    terms = f"/avtale/{byggmester.orgnr}/"
    assert client_as(ola_outside).post(terms, {"accepted": "on"}).status_code == 403
    held.refresh_from_db()
    assert held.accepted_at is None
    signed(leader, address)
    assert client_as(ola_outside).post(terms, {"accepted": "on"}).status_code == 302


def noon(day):
    return datetime.combine(day, time(12), tzinfo=clock.OSLO)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"document": None}, "Velg en fil"),
        ({"document": io.BytesIO(b"MZ not a document")}, "Filen må være"),
        ({"to_on": "2020-01-01"}, "Fullmakten har gått ut."),
        ({"blocks_cards": ""}, "Velg et alternativ"),
        ({"rights": []}, "Velg hva fullmakten omfatter."),
    ],
)
def test_a_paper_that_cannot_be_used_is_refused_beside_its_field(leader, address, sent, said):
    form = {
        "document": file_of("id_copy"),
        "blocks_cards": "company",
        "rights": ["order"],
        "to_on": (clock.today() + timedelta(days=30)).isoformat(),
    }
    form = {name: value for name, value in (form | sent).items() if value is not None}
    answer = leader.post(f"{address}fullmakt/fil/", form)
    assert answer.status_code == 422
    assert said in page(answer)
    assert not Authorisation.objects.filter(kind=Authorisation.Kind.FILE).exists()


def test_one_who_is_employed_needs_none(leader, somebody, byggmester):
    access = give(leader, "employed")
    rest()
    assert queries.acting(somebody("employed"), byggmester.orgnr).authorised
    assert leader.get(f"/virksomhet/tilgang/{access.pk}/fullmakt/").status_code == 404


@pytest.mark.feature("F037")
@pytest.mark.parametrize(
    ("language", "must"),
    [
        ("nb", "Hvem melder kort sperret eller tapt?"),
        ("nn", "Kven melder kort sperra eller tapt?"),
        ("en", "Who reports cards as blocked or lost?"),
    ],
)
def test_anyone_downloads_the_paper_to_fill_in_which_asks_who_blocks_cards(client, language, must):
    answer = client.get("/fullmakt/mal.pdf", headers={"accept-language": language})
    assert answer["Content-Type"] == "application/pdf"
    paper = pypdfium2.PdfDocument(answer.content)
    assert len(paper) == 1
    assert must in paper[0].get_textpage().get_text_range()


@pytest.fixture
def mona_client(somebody, session_for):
    """Mona, who leads another company."""
    mona = somebody("leader of many")
    return session_for(mona, queries.companies_for(mona.person)[0].acting.orgnr)


@pytest.mark.feature("F038")
def test_colleagues_share_all_orders_and_cards_and_a_third_company_sees_none(
    kari, per, client_as, mona_client
):
    """What Kari ordered, Per sees, renews and blocks; to Mona of another firm none of it is."""
    order, card = a_cart(kari, "employed"), produced(case="also employed")
    seen = [f"/bestilling/{order.reference}/", f"/kort/{card.number}/"]
    done = [f"/kort/{card.number}/bestill/", f"/kort/{card.number}/sperr/"]
    assert {client_as(per).get(page).status_code for page in seen} == {200}
    assert {mona_client.get(page).status_code for page in seen} == {404}
    assert {mona_client.post(page).status_code for page in done} == {404}
    assert client_as(per).post(done[0]).status_code == 302
    assert client_as(per).post(done[1], {"reason": "left"}).status_code == 302
    card.refresh_from_db()
    assert card.state == "blocked"
