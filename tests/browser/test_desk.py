"""The caseworker's pages in a real browser: accessible at every width, and worked by keyboard."""

import pytest
from django.conf import settings as configured

from hmskort.common.models import Effect
from hmskort.desk import intake
from hmskort.desk.models import Case
from registers import approvals
from tests.builders import a_cart
from tests.desk.test_mail import NUMBER, a_mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def key(caseworker, session_for):
    """The session of a caseworker who is logged in."""
    return session_for(caseworker).cookies[configured.SESSION_COOKIE_NAME].value


@pytest.fixture
def cases(kari):
    """A mail with an identity number in it, and an unclear answer."""
    approvals.read("renholdsregisteret")
    a_cart(kari, "permit unclear", company="cleaning", kind="renhold")
    intake.take_in(a_mail("Spørsmål", f"Hvor er kortet til {NUMBER}?").as_bytes())
    return Case.objects.get(kind="mail"), Case.objects.get(kind="unclear")


def test_every_page_of_the_desk_is_accessible(page_check, key, cases):
    Effect.objects.create(
        key="1", event="card:issued", listener="x.y", state=Effect.State.FAILED, error="ValueError"
    )
    mail, unclear = cases
    page_check("/drift/", session=key)
    page_check("/saker/", session=key)
    for case in (mail, unclear):
        page_check(f"/saker/{case.reference}/", session=key)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_case_is_found_and_decided_with_the_keyboard_alone(visitor, key, cases, javascript):
    _mail, unclear = cases
    someone = visitor(javascript=javascript)
    someone.log_in(key)
    page = someone.open("/saker/")
    page.get_by_label("Type").focus()
    page.keyboard.type("Uklart")
    with page.expect_navigation():
        page.get_by_role("button", name="Vis").press("Enter")
    assert "type=unclear" in page.url
    with page.expect_navigation():
        page.get_by_role("link", name="Uklart svar").press("Enter")
    page.get_by_label("Begrunnelse").focus()
    page.keyboard.type("Vedtaket er et avslag.")
    for _ in range(3):  # propose, ask, no
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    unclear.refresh_from_db()
    assert unclear.state == "refused"
