"""Who is outside the company orders only with its authorisation, signed here or stored."""

import io
from datetime import timedelta

import pypdfium2
import pytest

from hmskort.accounts import queries
from hmskort.accounts.delegation import authorising
from hmskort.accounts.models import Access, Authorisation
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


def signed(leader, address, blocks="delegate"):
    return leader.post(f"{address}fullmakt/", {"blocks_cards": blocks, "signed": "on"})


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
    answer = leader.post(f"{address}fullmakt/", {"signed": "on"})
    assert answer.status_code == 422
    assert "Hvem melder kort sperret eller tapt?: Velg et alternativ" in page(answer)
    assert not Authorisation.objects.filter(access__person=ola_outside.person).exists()


@pytest.mark.feature("F037")
def test_the_words_that_were_signed_are_kept_with_who_blocks_cards(leader, address, kari):
    signed(leader, address)
    held = Authorisation.objects.get(signed_by=kari, blocks_cards="delegate")
    assert "gir Ola Utenfor fullmakt" in held.statement
    assert "Kort meldes sperret eller tapt av: den som får fullmakten." in held.statement
    assert "Ola Utenfor fullmakt" in page(leader.get(address))


def test_who_is_to_block_cards_must_have_that_right(leader, address, ola_outside):
    Access.objects.filter(person=ola_outside.person).update(rights=["see", "order"])
    answer = signed(leader, address, "both")
    assert answer.status_code == 422
    assert "ikke fått rett til å sperre kort" in page(answer)
    assert signed(leader, address, "company").status_code == 302


def test_the_right_to_block_is_not_taken_from_who_is_to_block(leader, address, ola_outside):
    signed(leader, address)
    access = Access.objects.get(person=ola_outside.person)
    form = {
        "rights": ["order"],
        "where": "outside",
        "from_on": access.from_on.isoformat(),
        "to_on": access.to_on.isoformat(),
        "contact_email": access.contact_email,
        "language": "nb",
    }
    answer = leader.post(f"{address}endre/", form)
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


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"document": None}, "Velg en fil"),
        ({"document": io.BytesIO(b"MZ not a document")}, "Filen må være"),
        ({"to_on": "2020-01-01"}, "Fullmakten har gått ut."),
        ({"blocks_cards": ""}, "Velg et alternativ"),
    ],
)
def test_a_paper_that_cannot_be_used_is_refused_beside_its_field(leader, address, sent, said):
    form = {
        "document": file_of("id_copy"),
        "blocks_cards": "company",
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
