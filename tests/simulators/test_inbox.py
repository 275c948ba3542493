import httpx
import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives

from hmskort.common.services import Refused, Unavailable, client_from
from hmskort.notifications.backends import InboxEmailBackend
from hmskort.simulators import faults, site

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(settings):
    return httpx.Client(base_url=settings.SIMULATORS_URL, transport=site.transport())


@pytest.fixture
def sms(settings):
    return client_from(settings.SMS)


@pytest.fixture
def messages(visitor):
    def to(address):
        return visitor.get("/inbox/messages.json", params={"to": address}).json()["messages"]

    return to


def a_mail(**changes):
    mail = EmailMultiAlternatives(
        subject="Kvittering på bestilling",
        body="Se https://hmskort.example/ordre/1.\nHilsen oss",
        to=["kari@byggmester.example"],
        headers={"X-Message-Key": "order:1"},
        **changes,
    )
    mail.attach_alternative("<p>Se <a href='#'>ordren</a></p>", "text/html")
    return mail


def test_a_mail_is_shown_with_text_html_links_and_attachments(visitor, messages):
    mail = a_mail()
    mail.attach("kvittering.pdf", b"%PDF-1.7 ...", "application/pdf")
    assert InboxEmailBackend().send_messages([mail]) == 1
    (shown,) = messages("kari@byggmester.example")
    assert shown["subject"] == "Kvittering på bestilling"
    assert shown["links"] == ["https://hmskort.example/ordre/1"]
    assert shown["attachments"] == [{"name": "kvittering.pdf", "type": "application/pdf"}]
    assert shown["headers"] == {"X-Message-Key": "order:1"}

    page = visitor.get(f"/inbox/{shown['id']}/").text
    assert "Hilsen oss" in page
    html = visitor.get(f"/inbox/{shown['id']}/html")
    assert "<p>Se" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    attached = visitor.get(f"/inbox/{shown['id']}/attachments/0")
    assert attached.content == b"%PDF-1.7 ..."
    assert attached.headers["Content-Type"] == "application/pdf"


def test_an_attachment_that_could_run_is_only_downloaded(visitor, messages):
    mail = a_mail()
    mail.attach("x.html", "<script>1</script>", "text/html")
    InboxEmailBackend().send_messages([mail])
    (shown,) = messages("kari@byggmester.example")
    attached = visitor.get(f"/inbox/{shown['id']}/attachments/0")
    assert attached.headers["Content-Type"] == "application/octet-stream"


def test_copies_reach_everybody_they_are_for(messages):
    InboxEmailBackend().send_messages([a_mail(cc=["per@regnskap.example"])])
    assert messages("per@regnskap.example")
    assert not messages("ola@utenfor.example")


def test_messages_are_newest_first_and_found_by_a_part_of_the_address(visitor, messages):
    for subject in ("first", "second"):
        mail = EmailMessage(subject=subject, body=".", to=["kari@byggmester.example"])
        InboxEmailBackend().send_messages([mail])
    assert [each["subject"] for each in messages("BYGGMESTER")[:2]] == ["second", "first"]
    page = visitor.get("/inbox/", params={"to": "byggmester"}).text
    assert page.index("second") < page.index("first")


def test_a_message_that_does_not_exist_is_not_found(visitor):
    assert visitor.get("/inbox/999999/").status_code == httpx.codes.NOT_FOUND


def test_an_inbox_that_is_down_loses_no_mail_in_silence():
    faults.set_fault("mail", "500")
    with pytest.raises(Unavailable):
        InboxEmailBackend().send_messages([a_mail()])
    assert InboxEmailBackend(fail_silently=True).send_messages([a_mail()]) == 0


def test_an_sms_is_queued_and_shown(sms, messages):
    message_id = sms.send(
        to="+4790000000", text="Kortet er sendt: https://x.example/a", reference="1"
    )
    (shown,) = messages("+4790000000")
    assert str(shown["id"]) == message_id
    assert (shown["kind"], shown["from"]) == ("sms", "HMS-kort")
    assert shown["links"] == ["https://x.example/a"]


def test_a_number_that_cannot_be_is_refused(sms):
    with pytest.raises(Refused, match="1103"):
        sms.send(to="90000000", text="x", reference="1")


@pytest.mark.parametrize("mode", ["silent", "500", "429"])
def test_a_gateway_that_is_down_is_asked_again_later(sms, mode):
    faults.set_fault("sms", mode)
    with pytest.raises(Unavailable):
        sms.send(to="+4790000000", text="x", reference="1")
