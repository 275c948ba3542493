"""Upload and review in a real browser: what the scripts add, and what stays without them."""

import pytest
from django.conf import settings as configured

from orders.models import Line
from orders.states import LineState
from tests.builders import ADDRESS, a_cart, actor_of, rest, with_files
from tests.evidence import faces
from tests.pictures import id_copy, signature
from tests.review.conftest import submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def session_of(client_as):
    """The session key of somebody who is logged in."""
    return lambda user: client_as(user).cookies[configured.SESSION_COOKIE_NAME].value


@pytest.fixture
def line(kari) -> Line:
    return a_cart(kari, "employed").lines.select_related("order").get()


@pytest.fixture
def in_review(kari, line) -> Line:
    from orders import actions  # noqa: PLC0415

    with_files(line.order, kari)
    actions.set_delivery(order=line.order, address=ADDRESS, actor=actor_of(kari))
    return submitted(line.order)[0]


def address(line: Line) -> str:
    return f"/bestilling/{line.order.reference}/{line.reference}/filer/"


def as_file(name: str, content: bytes, kind: str = "image/jpeg") -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


def test_pictures_go_up_with_a_preview_and_the_verdict_comes_by_itself(
    visitor, session_of, kari, line
):
    someone = visitor()
    someone.log_in(session_of(kari))
    page = someone.open(address(line))
    page.set_input_files("#id_portrait", as_file("meg.jpg", faces.jpeg(faces.dark())))
    page.get_by_text("Valgt fil: meg.jpg").wait_for()
    assert page.locator("#del-portrait .upload__preview").is_visible()
    page.set_input_files("#id_signature", as_file("s.png", signature(), "image/png"))
    page.set_input_files("#id_id_copy", as_file("pass.jpg", id_copy()))
    page.get_by_role("button", name="Last opp").click()
    page.get_by_text("Filene er lagret.").wait_for()
    page.get_by_text("Vi sjekker bildet.").wait_for()
    rest()
    page.get_by_text("Ansiktet er mørkt.").wait_for()
    page.get_by_role("button", name="Bruk bildet likevel").click()
    page.get_by_text("Du bruker bildet likevel.").wait_for()
    page.get_by_role("link", name="Neste steg").wait_for()
    assert someone.complaints == []


def test_a_picture_that_is_too_small_is_named_before_and_after_it_is_sent(
    visitor, session_of, kari, line
):
    someone = visitor()
    someone.log_in(session_of(kari))
    page = someone.open(address(line))
    small = faces.jpeg(faces.good().resize((200, 250)))
    page.set_input_files("#id_portrait", as_file("liten.jpg", small))
    page.get_by_text("Bildet er for lite.").wait_for()
    page.get_by_role("button", name="Last opp").click()
    summary = page.locator(".ds-error-summary")
    summary.get_by_text("Bildet er 200 × 250 piksler.").wait_for()
    assert summary.evaluate("box => box === document.activeElement")


def test_a_pdf_of_the_id_is_not_called_a_wrong_picture(visitor, session_of, kari, line):
    someone = visitor()
    someone.log_in(session_of(kari))
    page = someone.open(address(line))
    sheet = faces.encoded(faces.good(), "PDF")
    page.set_input_files("#id_id_copy", as_file("pass.pdf", sheet, "application/pdf"))
    page.get_by_text("Valgt fil: pass.pdf").wait_for()


def test_the_upload_page_is_accessible(page_check, session_of, kari, line):
    key = session_of(kari)
    page_check(address(line), session=key)
    with_files(line.order, kari)
    page_check(address(line), session=key)


def test_a_reviewer_decides_by_keys_once_they_are_switched_on(
    visitor, session_of, reviewer, in_review
):
    someone = visitor()
    someone.log_in(session_of(reviewer))
    page = someone.open("/kontroll/")
    page.get_by_role("button", name="Ta neste sak").click()
    page.get_by_role("heading", name="Kontroll 1 av 1").wait_for()
    page.keyboard.press("4")
    assert page.locator(".reasons :checked").count() == 0  # off until switched on
    page.get_by_label("Hurtigtaster").check()
    page.keyboard.press("4")
    page.get_by_label("Briller").and_(page.locator(":checked")).wait_for()
    page.keyboard.press("l")
    page.keyboard.press("1")
    assert page.locator(".reasons :checked").count() == 2
    page.get_by_label("Melding til bestilleren").fill("g a h 1 2 3")  # typing is only typing
    assert page.locator(".reasons :checked").count() == 2
    page.get_by_role("heading", name="Kontroll 1 av 1").click()
    page.keyboard.press("a")
    page.get_by_text("Avvist. Bestilleren får beskjed.").wait_for()
    in_review.refresh_from_db()
    assert in_review.state == LineState.REFUSED
    assert in_review.portrait.reasons == ["glasses"]
    assert in_review.id_copy.reasons == ["unreadable"]
    assert someone.complaints == []


def test_without_javascript_a_reviewer_decides_by_buttons(visitor, session_of, reviewer, in_review):
    someone = visitor(javascript=False)
    someone.log_in(session_of(reviewer))
    page = someone.open("/kontroll/")
    page.get_by_role("button", name="Ta neste sak").click()
    assert not page.get_by_label("Hurtigtaster").is_visible()
    page.get_by_role("button", name="Godkjenn").click()
    page.get_by_text("Godkjent.").wait_for()
    in_review.refresh_from_db()
    assert in_review.state == LineState.APPROVED


def test_the_reviewer_s_pages_are_accessible(
    page_check, session_of, client_as, reviewer, in_review
):
    client_as(reviewer).post("/kontroll/neste/")
    key = session_of(reviewer)
    page_check("/kontroll/", session=key)
    page_check(f"/kontroll/{in_review.reference}/", session=key)
