"""The paper form (KB4): printed, scanned in, and what stands on it lands on its line, once."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdfium2 import PdfDocument

from hmskort.notifications.models import Message
from hmskort.simulators import world
from orders import actions
from orders.evidence.models import Piece
from orders.models import Line, Order
from orders.paper.form import form_of
from orders.paper.models import Scan, Sheet
from orders.states import LineState
from registers.models import CardKind
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.orders.paying import at_the_payment_page, paid_order, pay
from tests.orders.reviewing import refuse
from tests.paper.scanner import page_of, scanned

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(kari):
    return a_cart(kari, "employed in another sub-unit").lines.get()


@pytest.fixture
def desk(caseworker, session_for):
    return session_for(caseworker)


def prints(client, line) -> Sheet:
    response = client.post(f"/bestilling/{line.order.reference}/{line.reference}/kb4/")
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    return Sheet.objects.select_related("line__order__kind", "line__person").get(
        line=line, used_at=None
    )


def sends_in(desk, *pages):
    response = desk.post("/papir/", {"pages": list(pages)})
    rest()
    return response


def fresh(line):
    return Line.objects.select_related("order", "portrait", "signature", "id_copy").get(pk=line.pk)


@pytest.mark.feature("F085")
@pytest.mark.parametrize(("degrees", "grey"), [(2, False), (-2, True), (180, False), (91, True)])
def test_a_scanned_sheet_is_matched_to_its_line_and_its_pictures_land_in_review(  # noqa: PLR0917 - however it lies
    line, kari, desk, client_as, degrees, grey
):
    sheet = prints(client_as(kari), line)
    sends_in(desk, scanned(page_of(sheet), degrees=degrees, grey=grey))
    found = fresh(line)
    assert {piece.kind for piece in (found.portrait, found.signature, found.id_copy)} == {
        "portrait", "signature", "id_copy",
    }  # fmt: skip
    assert found.order.source == Order.Source.KB4
    assert "papirskjemaet" in Message.objects.get(key__startswith="papers:").subject
    actions.set_delivery(order=found.order, address=ADDRESS, actor=actor_of(kari))
    pay(at_the_payment_page(found.order, kari))
    assert fresh(line).state == LineState.IN_REVIEW


@pytest.mark.feature("F085")
def test_the_portrait_is_cut_upright_and_by_the_marks(line, kari, desk, client_as):
    sheet = prints(client_as(kari), line)
    sends_in(desk, scanned(page_of(sheet), degrees=-90))
    with fresh(line).portrait.file.open("rb") as file:
        portrait = Image.open(io.BytesIO(file.read()))
    assert portrait.size == (614, 774)  # 38,4 x 48,4 mm at 16 pixels a millimetre
    assert fresh(line).portrait.checks, "the automatic check has looked at it"


def test_the_same_sheet_twice_has_no_second_effect(line, kari, desk, client_as):
    sheet = prints(client_as(kari), line)
    sends_in(desk, scanned(page_of(sheet)), scanned(page_of(sheet), degrees=1))
    assert Piece.objects.count() == 3
    assert Message.objects.filter(key__startswith="papers:").count() == 1
    assert Scan.objects.filter(seen_before=True).count() == 1
    assert not Scan.objects.exclude(file="").exists(), "no picture is kept when it is settled"


def test_printing_twice_gives_the_same_sheet(line, kari, client_as):
    first, second = prints(client_as(kari), line), prints(client_as(kari), line)
    assert first.code == second.code


def test_a_field_with_nothing_in_it_gives_no_piece(line, kari, desk, client_as):
    sheet = prints(client_as(kari), line)
    sends_in(desk, scanned(page_of(sheet, without={"signature"})))
    found = fresh(line)
    assert found.portrait
    assert found.id_copy
    assert found.signature is None


def test_of_a_refused_line_only_what_was_refused_is_taken(kari, desk, client_as):
    line = paid_order(kari, "employed in another sub-unit").lines.get()
    refuse(line, "portrait", "blurred")
    before = fresh(line)
    sends_in(desk, scanned(page_of(prints(client_as(kari), line))))
    after = fresh(line)
    assert after.state == LineState.IN_REVIEW
    assert after.portrait != before.portrait
    assert (after.signature, after.id_copy) == (before.signature, before.id_copy)


@pytest.mark.feature("F085")
def test_a_page_that_cannot_be_read_waits_and_is_matched_by_hand(line, kari, desk, client_as):
    sheet = prints(client_as(kari), line)
    page = page_of(sheet)
    for corner in ((60, 60), (1460, 60), (1460, 2140), (60, 2140), (1200, 190)):
        page.paste("white", (corner[0], corner[1], corner[0] + 290, corner[1] + 290))
    sends_in(desk, scanned(page, degrees=0))
    scan = Scan.objects.get(settled_at=None)
    assert scan.trouble == Scan.Trouble.NO_CODE
    assert "Koden kan ikke leses" in desk.get("/papir/").content.decode()
    assert desk.get(f"/papir/{scan.pk}/bilde/")["Content-Type"] == "image/jpeg"
    assert desk.post(f"/papir/{scan.pk}/", {"code": "FINNESIKKE"}).status_code == 422
    assert desk.post(f"/papir/{scan.pk}/", {"code": f" {sheet.code.lower()}"}).status_code == 302
    assert fresh(line).portrait is not None


def test_a_page_that_is_no_form_waits_until_it_is_thrown_away(desk):
    page = Image.new("RGB", (1654, 2339), "white")
    sends_in(desk, scanned(page))
    scan = Scan.objects.get()
    desk.post(f"/papir/{scan.pk}/slett/")
    scan.refresh_from_db()
    assert scan.settled_at
    assert (scan.file, scan.sheet) == ("", None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("skann.jpg", b"\xff\xd8\xff junk"),
        ("skann.pdf", b"%PDF-1.4 junk"),
        ("skann.svg", b"<svg/>"),
    ],
)
def test_a_hostile_file_is_told_of_by_name_and_nothing_is_kept(desk, name, content):
    response = sends_in(desk, SimpleUploadedFile(name, content))
    assert response.status_code == 422
    assert name in response.content.decode()
    assert not Scan.objects.exists()


def test_more_files_than_are_taken_at_once_are_refused_together(desk):
    response = sends_in(desk, *(SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(21)))
    assert response.status_code == 422
    assert "20 filer om gangen" in response.content.decode()
    assert not Scan.objects.exists()


def test_another_companys_form_does_not_exist(line, somebody, session_for):
    mona = session_for(somebody("leader of many"), world.company("roofer").orgnr)
    page = f"/bestilling/{line.order.reference}/{line.reference}/kb4/"
    assert mona.post(page).status_code == 404
    assert not Sheet.objects.exists()


@pytest.mark.feature("F085")
def test_paper_of_a_line_that_was_released_lands_on_the_line_that_was_added_anew(
    line, kari, desk, client_as, wind_forward
):
    sheet = prints(client_as(kari), line)
    page = scanned(page_of(sheet))
    actions.remove_line(line=line, actor=actor_of(kari))
    again = a_cart(kari, "employed in another sub-unit").lines.get(state=LineState.DRAFT)
    assert again.pk != line.pk
    sends_in(desk, page)
    found = fresh(again)
    assert all((found.portrait, found.signature, found.id_copy))
    assert fresh(line).portrait is None
    assert Sheet.objects.get(pk=sheet.pk).line == again


def test_a_kind_that_needs_no_signature_has_no_field_for_one_and_takes_none(
    line, kari, desk, client_as
):
    CardKind.objects.update(signature_required=False)
    line = fresh(line)
    sheet = prints(client_as(kari), line)
    assert "Signatur" not in text_of(sheet)
    sends_in(desk, scanned(page_of(sheet)))  # somebody wrote on the page all the same
    found = fresh(line)
    assert found.portrait
    assert found.signature is None
    assert {piece.kind for piece in Piece.objects.all()} == {"portrait", "id_copy"}


def test_the_form_says_where_it_is_sent(line, kari, client_as, settings):
    settings.ISSUER_STREET, settings.ISSUER_POSTAL_CODE = "Kortgata 1", "0181"
    assert "Kortgata 1, 0181 Oslo" in text_of(prints(client_as(kari), line))


@pytest.mark.feature("F012")
def test_the_guide_tells_how_and_offers_the_form_of_everybody_who_waits_for_files(
    line, kari, ola, client_as, client
):
    page = "/hjelp/papirskjema/"
    text = client.get(page).content.decode()
    assert "Kortgata 1" in text
    assert "/kb4/" not in text
    address = f"/bestilling/{line.order.reference}/{line.reference}/kb4/"
    offered = client_as(kari).get(page)
    assert f'action="{address}"' in offered.content.decode()
    assert "no-store" in offered["Cache-Control"], "names are not left in a browser"
    assert "/kb4/" not in client_as(ola).get(page).content.decode()
    assert b"".join(client_as(kari).post(address).streaming_content).startswith(b"%PDF")
    with_files(line.order, kari)
    assert address not in client_as(kari).get(page).content.decode()


@pytest.mark.parametrize(("role", "page"), [("caseworker", "/saker/"), ("reviewer", "/kontroll/")])
def test_who_takes_in_paper_finds_the_way_from_their_queue(request, session_for, role, page):
    text = session_for(request.getfixturevalue(role)).get(page).content.decode()
    assert 'href="/papir/"' in text


def text_of(sheet) -> str:
    return PdfDocument(form_of(sheet))[0].get_textpage().get_text_range()
