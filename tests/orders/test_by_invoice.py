"""An order by invoice, from the pay page to the invoice in the buyer's hands."""

from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from pypdfium2 import PdfDocument

from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.notifications.models import Message
from hmskort.simulators.faults import set_fault
from hmskort.simulators.store import Store
from orders import actions, tasks
from orders.errors import Incomplete
from orders.invoicing.models import Document
from orders.models import Order
from orders.payments.methods import Method
from orders.payments.models import PaymentMethod
from registers.models import Company
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.orders.reviewing import approve, moved, refuse

pytestmark = pytest.mark.django_db
CARD, POSTAGE = 13_000, 4_750  # øre with VAT
EMPLOYED = "employed in another sub-unit"


@pytest.fixture
def cart(kari):
    order = with_files(a_cart(kari, EMPLOYED, "D-number"), kari)
    actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
    return order


@pytest.fixture
def ordered(cart, kari, client_as):
    """Ordered by invoice on the pay page, as Kari does it."""
    page = f"/bestilling/{cart.reference}/betal/"
    answer = client_as(kari).post(page, {"method": "invoice", "declared": "on"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/bestillinger/{cart.reference}/"
    rest()
    return Order.objects.get(pk=cart.pk)


def text_of(pdf: bytes) -> str:
    with closing(PdfDocument(pdf)) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_receipt_of_an_order_by_invoice_speaks_of_no_reservation(ordered):
    receipt = Message.objects.get(subject__contains="er mottatt")
    for text in (receipt.text, receipt.html):
        assert "Bestilt på faktura" in text
        assert "fakturerer bare for kort som er godkjent" in text
        assert "Reservert" not in text


@pytest.mark.feature("F109")
def test_only_the_approved_card_is_invoiced_and_reaches_the_buyer_in_each_way(
    ordered, kari, client_as
):
    assert ordered.state == "submitted"
    assert moved(ordered.payment) == {"promised": 2 * CARD + POSTAGE}
    first, second = ordered.lines.all()
    approve(first)
    refuse(second, "portrait", "blurred")
    assert not Document.objects.exists()  # the other may still be mended
    actions.withdraw_line(line=second, actor=actor_of(kari))
    rest()
    invoice = Document.objects.get()
    assert [row.reference for row in invoice.rows] == [first.reference, f"{ordered.reference}-P"]
    assert moved(ordered.payment) == {
        "promised": 2 * CARD + POSTAGE,
        "invoiced": CARD + POSTAGE,
        "waived": CARD,
    }
    mail = Message.objects.get(key=f"document:{invoice.number}")
    assert (mail.to, mail.state) == (ADDRESS["contact_email"], "sent")
    text = text_of(bytes(mail.attachment))
    for part in ("Faktura", str(invoice.number), invoice.kid, "8601 11 17947", "177,50"):
        assert part in text
    invoice.refresh_from_db()
    received = Store().get("peppol.documents", str(invoice.number))
    assert received["receiver"] == ordered.orgnr
    assert invoice.sent_as == f"peppol-{invoice.number}"
    page = client_as(kari).get(f"/bestillinger/{ordered.reference}/").content.decode()
    assert f"Faktura {invoice.number} (PDF)" in page


def test_the_documents_are_for_those_who_see_the_order(ordered, kari, per, ola, client_as):
    for line in ordered.lines.all():
        approve(line)
    number = Document.objects.get().number
    for ending, kind in (("pdf", "application/pdf"), ("ehf", "application/xml")):
        address = f"/bestillinger/{ordered.reference}/dokument/{number}/{ending}/"
        assert client_as(kari).get(address)["Content-Type"] == kind
        assert client_as(per).get(address).status_code == 200
        assert client_as(ola).get(address).status_code in {302, 404}


@pytest.mark.parametrize("fault", ["500", "silent", "garbage", "lost"])
def test_a_silent_access_point_has_the_invoice_once_when_it_speaks_again(ordered, fault):
    set_fault("peppol", fault)
    for line in ordered.lines.all():
        approve(line)
    assert Document.objects.get().sent_at is None
    set_fault("peppol", "off")
    Effect.objects.filter(state="waiting").update(due_at="2000-01-01T00:00Z")
    rest()
    assert Document.objects.get().sent_at is not None
    assert len(Store().all("peppol.documents")) == 1


def test_who_takes_no_ehf_has_the_invoice_by_mail(ordered):
    Store().put("peppol.absent", ordered.orgnr, {"orgnr": ordered.orgnr})
    for line in ordered.lines.all():
        approve(line)
    assert Document.objects.get().sent_as == "not in ELMA"
    assert Message.objects.filter(key__startswith="document:").count() == 1


def test_an_order_of_which_no_card_came_is_not_invoiced(ordered, kari):
    for line in ordered.lines.all():
        actions.withdraw_line(line=line, actor=actor_of(kari))
    rest()
    assert not Document.objects.exists()
    assert moved(ordered.payment)["waived"] == 2 * CARD + POSTAGE


def test_what_is_to_be_mended_is_waited_for_longer_than_a_reservation_lives(ordered):
    line = ordered.lines.first()
    refuse(line, "portrait", "blurred")
    for days, state in ((8, "refused"), (22, "released")):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            tasks.sweep()
        line.refresh_from_db()
        assert line.state == state


@pytest.mark.feature("F110")
def test_a_way_to_pay_is_offered_from_its_day_to_its_last_and_the_change_is_announced(
    cart, kari, client_as
):
    page = f"/bestilling/{cart.reference}/betal/"
    today = clock.today()
    PaymentMethod.objects.exclude(method="nexi").update(until=today + timedelta(days=10))
    text = client_as(kari).get(page).content.decode()
    assert all(f'value="{method}"' in text for method in Method)
    assert "den eneste måten å betale på: Betalingskort" in text
    with time_machine.travel(clock.now() + timedelta(days=11)):
        text = client_as(kari).get(page).content.decode()
        assert 'value="invoice"' not in text
        assert "den eneste måten" not in text
        answer = client_as(kari).post(page, {"method": "invoice", "declared": "on"})
        assert answer.status_code == 422


def test_an_order_keeps_its_way_to_pay_when_that_is_no_longer_offered(ordered):
    PaymentMethod.objects.filter(method="invoice").update(until=clock.today())
    with time_machine.travel(clock.now() + timedelta(days=1)):
        for line in ordered.lines.all():
            approve(line)
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"bankrupt": True}, {"state": "deleted"}, {"state": "not_found"}, {"country_code": "SE"}],
)
def test_an_invoice_is_for_norwegian_companies_in_order(cart, kari, client_as, change):
    Company.objects.filter(orgnr=cart.orgnr).update(**change)
    page = client_as(kari).get(f"/bestilling/{cart.reference}/betal/").content.decode()
    assert 'value="invoice"' not in page
    with pytest.raises(Incomplete):
        actions.begin_payment(order=cart, actor=actor_of(kari), method=Method.INVOICE)
    assert Order.objects.get(pk=cart.pk).state == "cart"


def test_two_clicks_on_invoice_order_once(cart, kari, client_as):
    for _ in range(2):
        client_as(kari).post(
            f"/bestilling/{cart.reference}/betal/", {"method": "invoice", "declared": "on"}
        )
    rest()
    order = Order.objects.get(pk=cart.pk)
    assert moved(order.payment) == {"promised": 2 * CARD + POSTAGE}
