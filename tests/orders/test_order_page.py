"""An order's page: how far it has come, what is in it, and where it goes while that can change."""

import pypdfium2
import pytest

from cards.models import Card
from cards.production import actions as production
from cards.production import printing
from cards.production.models import ChipJob, Shipment
from cards.production.tasks import make_batches
from hmskort.audit.actor import SYSTEM
from hmskort.audit.models import Event
from orders import actions
from orders.delivery.places import Place
from orders.models import Order
from orders.order_page import way
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.orders.paying import at_the_payment_page, pay
from tests.orders.test_progress import approve, refuse

pytestmark = pytest.mark.django_db
ELSEWHERE = {
    "deliver_to": "Byggmester AS, brakkeriggen",
    "street": "Fornebuveien 1",
    "postal_code": "1366",
    "city": "Lysaker",
    "country_code": "NO",
}
LINES = ["Byggmester AS, brakkeriggen", "Fornebuveien 1", "1366 Lysaker"]


@pytest.fixture
def paid(kari, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")

    def order_for(*cases: str) -> Order:
        order = with_files(a_cart(kari, *cases), kari)
        actions.set_delivery(order=order, address=ADDRESS, actor=actor_of(kari))
        pay(at_the_payment_page(order, kari))
        return Order.objects.get(pk=order.pk)

    return order_for


@pytest.fixture
def client(kari, client_as):
    return client_as(kari)


def read(client, order: Order, more: str = "") -> str:
    response = client.get(f"/bestillinger/{order.reference}/{more}")
    return response.content.decode()


def readdress(client, order: Order, **changed):
    sent = {**ELSEWHERE, **changed}
    return client.post(f"/bestillinger/{order.reference}/adresse/", sent, follow=True)


def send(*shipments: Shipment) -> None:
    """The cards of these letters are made, and they have gone in the post."""
    for shipment in shipments:
        make(shipment)
    rest()
    production.dispatch(shipments=shipments, actor=SYSTEM)


def make(shipment: Shipment) -> None:
    for job in shipment.jobs.all():
        ChipJob.objects.filter(pk=job.pk).update(state="done", uid="04a1b2c3")
        production.finish(job=ChipJob.objects.get(pk=job.pk))


def steps(order: Order) -> list[tuple[str, str, str]]:
    lines = list(order.lines.select_related("card"))
    return [(step["name"], step["state"], step["note"]) for step in way.steps_of(order, lines)][1:]


@pytest.mark.feature("F151")
def test_the_page_shows_how_far_the_order_has_come_and_what_happened(paid, client):
    order = paid("employed in another sub-unit", "D-number")
    assert steps(order) == [
        ("Kontrollert", "current", "0 av 2"),
        ("Laget", "upcoming", "0 av 2"),
        ("I posten", "upcoming", "0 av 2"),
    ]
    text = read(client, order)
    assert 'aria-current="step"' in text
    assert "Under behandling" in text
    assert "Bestilling sendt" in text.partition("Dette har skjedd")[2]
    first, second = order.lines.all()
    approve(first)
    refuse(second, "portrait", "blurred")
    assert steps(order)[0] == ("Kontrollert", "current", "1 av 2")
    assert "Noe må rettes" in read(client, order)
    actions.withdraw_line(line=second, actor=SYSTEM)
    rest()
    make_batches()
    send(*Shipment.objects.all())
    assert [step[1:] for step in steps(order)] == [("done", "1 av 1")] * 3


@pytest.mark.feature("F153")
@pytest.mark.feature("F166")
def test_each_line_has_its_status_its_price_and_leads_to_its_card(paid, client):
    order = paid("employed in another sub-unit", "D-number")
    first, second = order.lines.all()
    approve(first)
    text = read(client, order)
    cells = {line.pk: text.partition(f'id="line-{line.reference}"')[2].partition("</section>")[0]
             for line in (first, second)}  # fmt: skip
    card = Card.objects.get(line=first)
    assert "Kortet lages" in cells[first.pk]
    assert "Til kontroll" in cells[second.pk]
    for line, cell in zip((first, second), cells.values(), strict=True):
        assert line.person.name in cell
        assert "104,00" in cell
    masked = f'<a class="ds-link" href="/kort/{card.number}/">{first.person.national_id[:6]}'
    assert masked in cells[first.pk]
    assert "/kort/" not in cells[second.pk]
    assert "Bekreftelse (PDF)" in cells[second.pk]
    assert first.person.national_id[6:] not in text
    assert "307,50" in text, "the sum with postage and VAT"


@pytest.mark.feature("F152")
def test_the_address_is_changed_before_anything_is_made_and_the_card_goes_there(paid, client):
    order = paid("employed in another sub-unit")
    assert "Leveringsadressen er endret" in readdress(client, order).content.decode()
    approve(order.lines.get())
    assert order.lines.get().card.delivery["address"] == LINES
    assert "Fornebuveien 1" in read(client, order)
    assert Event.objects.filter(name="order:address_changed", subject_id=str(order.pk)).count() == 2


@pytest.mark.feature("F152")
def test_a_letter_that_was_printed_is_made_anew_and_not_sent_before(paid, client):
    order = paid("employed in another sub-unit")
    approve(order.lines.get())
    rest()
    make_batches()
    shipment = Shipment.objects.get()
    assert "Hammersborggata 12" in text_of(printing.letter_of(shipment))
    actions.change_address(order=order, place=Place(**ELSEWHERE), actor=SYSTEM)
    shipment.refresh_from_db()
    assert shipment.awaits_letter
    make(shipment)
    with pytest.raises(production.NotAllMade):
        production.dispatch(shipments=[shipment], actor=SYSTEM)
    rest()
    shipment.refresh_from_db()
    told = text_of(printing.letter_of(shipment))
    assert "Fornebuveien 1" in told
    assert "Hammersborggata 12" not in told
    production.dispatch(shipments=[shipment], actor=SYSTEM)
    assert Card.objects.get().dispatched_on


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.feature("F152")
def test_after_dispatch_the_address_stands(paid, client):
    order = paid("employed in another sub-unit")
    assert "Endre leveringsadresse" in read(client, order)
    approve(order.lines.get())
    rest()
    make_batches()
    send(Shipment.objects.get())
    assert "Endre leveringsadresse" not in read(client, order)
    assert "Alt i bestillingen er sendt" in read(client, order, "adresse/")
    assert "Alt i bestillingen er sendt" in readdress(client, order).content.decode()
    order.refresh_from_db()
    assert order.street == ADDRESS["street"]
    assert Shipment.objects.get().address[1] == ADDRESS["street"]


@pytest.mark.feature("F152")
def test_of_two_letters_the_one_that_has_gone_keeps_its_address(paid, client):
    order = paid("employed in another sub-unit", "D-number")
    first, second = order.lines.all()
    approve(first)
    rest()
    make_batches()
    send(Shipment.objects.get())
    assert "1 kort er allerede sendt" in read(client, order, "adresse/")
    readdress(client, order)
    approve(second)
    rest()
    make_batches()
    addresses = [shipment.address for shipment in Shipment.objects.order_by("pk")]
    assert addresses[0][1] == ADDRESS["street"]
    assert addresses[1] == LINES


def test_an_address_that_is_none_is_told_beside_the_field_and_changes_nothing(paid, client):
    order = paid("employed in another sub-unit")
    response = readdress(client, order, postal_code="12")
    assert response.status_code == 422
    assert "Postnummer må ha 4 siffer" in response.content.decode()
    assert 'value="Fornebuveien 1"' in response.content.decode()
    order.refresh_from_db()
    assert order.street == ADDRESS["street"]


def test_a_blocked_card_does_not_keep_the_address_open(paid, client):
    order = paid("employed in another sub-unit")
    approve(order.lines.get())
    Card.objects.update(state="blocked")
    assert "Endre leveringsadresse" not in read(client, order)
