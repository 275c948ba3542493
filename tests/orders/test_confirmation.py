"""Whoever waits for a card can show that it is ordered, and whoever controls can check it."""

import os
import signal

import cv2
import numpy as np
import pytest
from django.conf import settings
from pypdfium2 import PdfDocument

from hmskort.common import clock, rendering
from hmskort.common.templatetags.portal import dato
from hmskort.notifications.models import Message
from orders import actions
from orders.models import Order
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.test_progress import approve

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(kari):
    def order_for(*cases: str) -> Order:
        order = with_files(a_cart(kari, *cases), kari)
        actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
        pay(at_the_payment_page(order, kari))
        return Order.objects.get(pk=order.pk)

    return order_for


@pytest.fixture
def get(kari, client_as):
    """`get("/bestillinger/...", "nn")`: what Kari reads there, in that language."""
    client = client_as(kari)

    def read(address, language="nb"):
        client.cookies["django_language"] = language
        return client.get(address, headers={"Accept-Language": language})

    return read


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in PdfDocument(pdf))


@pytest.mark.feature("F217")
@pytest.mark.feature("F121")
def test_the_proof_is_there_as_soon_as_the_payment_is_accepted(kari, get):
    order = with_files(a_cart(kari, "employed in another sub-unit"), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    payment = at_the_payment_page(order, kari)
    line = order.lines.get()
    address = f"/bestillinger/{order.reference}/{line.reference}/bekreftelse.pdf"
    assert get(address).status_code == 404, "nothing is ordered yet"
    pay(payment)
    response = get(address)
    assert response["Content-Type"] == "application/pdf"
    assert f"bekreftelse-{line.reference}.pdf" in response["Content-Disposition"]
    told, person = text_of(response.content), line.person
    shown = [
        person.name,
        dato(person.birth_date),
        line.reference,
        order.reference,
        dato(clock.today()),
        "BYGGMESTER AS",
        "Bygg og anlegg",
        "Til kontroll",
        "In review",
        "Bekreftelse på bestilt HMS-kort",
        "Confirmation of an ordered HSE card",
    ]
    assert [each for each in shown if each not in told.replace("\r", "")] == []
    assert person.national_id[6:] not in told


@pytest.mark.feature("F217")
def test_the_code_on_the_paper_leads_to_the_live_answer(paid, get, client):
    order = paid("employed in another sub-unit")
    line = order.lines.get()
    pdf = get(f"/bestillinger/{order.reference}/bekreftelse.pdf").content
    picture = PdfDocument(pdf)[0].render(scale=3).to_pil()
    said, *_ = cv2.QRCodeDetector().detectAndDecode(np.array(picture.convert("L")))
    assert said == f"{settings.BASE_URL}/k/{line.reference}/"
    answer = client.get(f"/api/check/{line.reference}").json()
    assert answer["status"] == "under_order"
    approve(line)
    line.refresh_from_db()
    assert line.card.number in text_of(
        get(f"/bestillinger/{order.reference}/bekreftelse.pdf").content
    ).replace("\N{NO-BREAK SPACE}", "").replace(" ", "")


@pytest.mark.feature("F121")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "Slik kontrollerer du bekreftelsen"),
        ("nn", "Slik kontrollerer du stadfestinga"),
        ("en", "How to check this confirmation"),
    ],
)
def test_page_and_paper_tell_how_to_check_in_the_readers_language_and_another(
    paid, get, language, said
):
    order = paid("employed in another sub-unit", "D-number")
    other = "How to check this confirmation" if language != "en" else said
    page = get(f"/bestillinger/{order.reference}/bekreftelse/", language).content.decode()
    paper = text_of(get(f"/bestillinger/{order.reference}/bekreftelse.pdf", language).content)
    for told in (page, paper):
        assert said in told
        assert other in told
        for line in order.lines.all():
            assert line.reference in told
            assert line.person.name in told.replace("\r\n", " ")
    assert page.count("data:image/svg+xml") == 2


def test_who_is_not_ordered_for_has_no_proof(paid, kari, get):
    order = paid("employed in another sub-unit", "D-number")
    gone, stays = order.lines.all()
    actions.withdraw_line(line=gone, actor=actor_of(kari))
    assert get(f"/bestillinger/{order.reference}/{gone.reference}/bekreftelse/").status_code == 404
    whole = get(f"/bestillinger/{order.reference}/bekreftelse/").content.decode()
    assert gone.reference not in whole
    assert stays.reference in whole
    actions.withdraw_line(line=stays, actor=actor_of(kari))
    rest()
    for name in ("bekreftelse/", "bekreftelse.pdf"):
        assert get(f"/bestillinger/{order.reference}/{name}").status_code == 404


def test_for_another_company_there_is_no_proof(paid, get):
    order = paid("employed in another sub-unit")
    line = order.lines.get()
    Order.objects.filter(pk=order.pk).update(orgnr="999999999")
    for name in ("bekreftelse/", "bekreftelse.pdf"):
        assert get(f"/bestillinger/{order.reference}/{name}").status_code == 404
        assert get(f"/bestillinger/{order.reference}/{line.reference}/{name}").status_code == 404


@pytest.mark.feature("F103")
@pytest.mark.feature("F175")
def test_both_mails_name_person_firm_order_and_date_and_lead_to_check_and_proof(paid):
    order = paid("employed in another sub-unit")
    line = order.lines.get()
    approve(line)
    line.refresh_from_db()
    for kind, number in (("receipt", line.reference), ("result", line.card.number)):
        mail = Message.objects.get(key__startswith=f"{kind}:{order.reference}")
        for body in (mail.text, mail.html):
            told = [
                line.person.name,
                "BYGGMESTER AS",
                order.reference,
                dato(order.submitted_at),
                f"/k/{number}/",
                f"/bestillinger/{order.reference}/{line.reference}/bekreftelse/",
            ]
            assert [each for each in told if each not in body] == [], kind


def test_a_process_that_dies_while_it_lays_out_costs_a_page_its_document_and_nothing_else(
    paid, get, monkeypatch
):
    order = paid("employed in another sub-unit")
    address = f"/bestillinger/{order.reference}/bekreftelse.pdf"
    assert get(address).status_code == 200
    monkeypatch.setattr(rendering, "_answer", killed_before(rendering._answer))
    response = get(address)
    assert response.status_code == 503
    assert "Du kan skrive ut denne siden i stedet" in response.content.decode()
    monkeypatch.undo()
    assert get(address).status_code == 200, "the next document has a new process"


def killed_before(answer):
    """The layout's process is killed just as it is to begin."""

    def dying(portal, asked):
        os.kill(rendering._renderer._process.pid, signal.SIGKILL)
        rendering._renderer._process.wait()
        return answer(portal, asked)

    return dying


def test_a_document_that_asks_for_what_it_may_not_have_is_refused(tmp_path):
    styles = tmp_path / "none.css"
    styles.write_text("")
    with pytest.raises(rendering.NotRendered):
        rendering.pdf('<img src="file:///etc/passwd">', styles=styles)
    assert rendering.pdf("<p>Hei</p>", styles=styles)[:5] == b"%PDF-"
