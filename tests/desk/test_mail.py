"""Mail to the desk: into the firm's case, once, and never more than a case can bear."""

import io
import resource
import sys
import time
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.desk import incoming, intake, retention, rules
from hmskort.desk.models import Attachment, Case, Mail
from hmskort.desk.states import CaseState
from hmskort.notifications.models import Message
from hmskort.simulators import world
from registers.models import Company
from tests import pictures
from tests.builders import rest
from tests.desk.test_exemptions import VAT, decide, page

pytestmark = pytest.mark.django_db
ADDRESS = "/e-post/inn/"
OTHER = world.company("DA").orgnr  # has no case
NUMBER = world.person("employed").national_id


def a_mail(subject="Unntak", text="Hei.", html="", number="1", sender="ola@firma.example"):
    message = EmailMessage()
    message["From"] = f"Ola <{sender}>"
    message["To"] = "hms-kort@hmskort.example"
    message["Subject"] = subject
    if number:
        message["Message-ID"] = f"<{number}@firma.example>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def send(message, token=""):
    raw = message if isinstance(message, bytes) else message.as_bytes()
    answer = Client().post(
        ADDRESS,
        raw,
        content_type="message/rfc822",
        headers={"Authorization": f"Bearer {token or settings.MAIL_TOKEN}"},
    )
    rest()
    return answer.status_code


@pytest.fixture
def applied(refused, apply):
    """An employer's browser, and the open case of its application."""
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    return browser, Case.objects.get()


@pytest.mark.feature("F076")
def test_company_and_number_are_carried_along_and_mail_with_the_number_joins_the_case(
    applied, caseworker, session_for
):
    _browser, case = applied
    assert case.orgnr == world.company("young and not VAT registered").orgnr
    assert case.company_name == world.company("young and not VAT registered").name
    spaced = f"{case.orgnr[:3]} {case.orgnr[3:6]} {case.orgnr[6:]}"
    assert send(a_mail(f"Dokumentasjon for {spaced}", "Her er det.")) == 204
    assert Case.objects.get() == case
    mail = Mail.objects.get()
    assert (mail.case, mail.text, mail.sender) == (case, "Her er det.", "ola@firma.example")
    staff = session_for(caseworker)
    assert "Ny e-post" in page(staff.get("/saker/"))
    assert "Her er det." in page(staff.get(f"/saker/{case.reference}/"))
    decide(staff, case, "read")
    assert "Ny e-post" not in page(staff.get("/saker/"))


def test_a_case_that_waits_for_the_employer_waits_for_us_when_mail_comes(
    applied, caseworker, session_for
):
    browser, case = applied
    staff = session_for(caseworker)
    decide(staff, case, "ask", text="Hva er omsetningen?")
    assert case.reference not in page(staff.get("/saker/"))
    send(a_mail(case.orgnr))
    assert case.reference in page(staff.get("/saker/"))
    answer = browser.post(f"/henvendelser/{case.reference}/", {"text": "12 000 kroner."})
    assert answer.status_code == 302  # the mail did not take the employer's place


def test_the_employer_never_sees_mail_that_somebody_wrote_about_them(applied):
    browser, case = applied
    message = a_mail(case.orgnr, "Sjefen min jukser.")
    message.add_attachment(pictures.id_copy(), maintype="image", subtype="jpeg", filename="a.jpg")
    send(message)
    shown = page(browser.get(f"/henvendelser/{case.reference}/"))
    assert "jukser" not in shown
    assert "E-post" not in shown
    attachment = Attachment.objects.get()
    there = browser.get(f"/henvendelser/{case.reference}/{attachment.pk}/")
    assert there.status_code == 404
    send(a_mail(OTHER, number="2"))
    assert "E-post" not in page(browser.get("/henvendelser/"))


@pytest.mark.parametrize("subject", ["", "Spørsmål", "Org 123456789", f"Om {NUMBER}"])
def test_without_a_valid_number_it_is_a_case_that_a_caseworker_connects(
    subject, applied, caseworker, session_for
):
    _browser, case = applied
    send(a_mail(subject))
    new = Case.objects.exclude(pk=case.pk).get()
    assert (new.kind, new.orgnr, new.state) == ("mail", "", CaseState.SENT)
    staff = session_for(caseworker)
    assert "Ikke koblet ennå" in page(staff.get("/saker/"))
    address = f"/saker/{new.reference}/koble/"
    assert staff.post(address, {"orgnr": "123456789"}).status_code == 422
    answer = staff.post(address, {"orgnr": case.orgnr})
    assert answer["Location"] == f"/saker/{case.reference}/"
    new.refresh_from_db()
    assert (new.state, Mail.objects.get().case) == (CaseState.CLOSED, case)


def test_a_firm_without_a_case_gets_one_and_its_name_when_the_register_answers(db):
    firm = world.company("DA")
    assert not Company.objects.filter(pk=firm.orgnr).exists()
    send(a_mail(f"Hei fra NO {firm.orgnr} MVA"))
    case = Case.objects.get()
    assert (case.kind, case.orgnr, case.company_name) == ("mail", firm.orgnr, firm.name)
    send(a_mail(firm.orgnr, "En til.", number="2"))
    assert Mail.objects.filter(case=case).count() == 2


def test_a_mail_comes_once_however_often_it_is_sent(db):
    for _ in range(2):
        assert send(a_mail(OTHER)) == 204
        assert send(a_mail(OTHER, number="")) == 204  # without a Message-ID: by what it says
    assert Mail.objects.count() == 2
    assert Event.objects.filter(name="case:mailed").count() == 2


def test_a_reference_in_the_subject_chooses_among_the_firms_cases(applied, refused, apply):
    _browser, older = applied
    send(a_mail(older.orgnr, number="1"))
    mail = Mail.objects.get()
    Case.objects.create(kind=Case.Kind.MAIL, orgnr=older.orgnr)
    send(a_mail(f"SV: Sak {older.reference}, {older.orgnr}", number="2"))
    assert {row.case for row in Mail.objects.exclude(pk=mail.pk)} == {older}


def test_numbers_are_masked_until_somebody_says_why_they_need_them(db, caseworker, session_for):
    typed = f"{NUMBER[:6]}-{NUMBER[6:]}"
    send(a_mail(f"Om {NUMBER}", f"Gjelder {NUMBER} og {typed}."))
    case, mail = Case.objects.get(), Mail.objects.get()
    assert NUMBER[6:] not in mail.subject
    assert NUMBER not in mail.sealed_text
    staff = session_for(caseworker)
    address = f"/saker/{case.reference}/"
    for shown in (page(staff.get(address)), page(staff.get("/saker/"))):
        assert NUMBER[6:] not in shown
    assert NUMBER[:6] in page(staff.get(address))
    assert staff.post(f"{address}vis-numre/", {"reason": ""}).status_code == 422
    assert NUMBER in page(staff.post(f"{address}vis-numre/", {"reason": "Søknaden gjelder henne."}))
    assert Event.objects.filter(name="case:revealed").count() == 1
    assert "Søknaden gjelder henne." in page(staff.get(address))
    assert NUMBER not in page(staff.get(address))


def test_an_answer_goes_back_by_mail_without_numbers_and_the_case_is_closed(
    db, caseworker, session_for
):
    send(a_mail("Spørsmål"))
    case, staff = Case.objects.get(), session_for(caseworker)
    assert decide(staff, case, "reply").status_code == 422  # what?
    assert decide(staff, case, "ask", text="Hva?").status_code == 409
    decide(staff, case, "reply", text=f"Bruk skjemaet, ikke {NUMBER}.")
    sent = Message.objects.get(to="ola@firma.example")
    assert "Bruk skjemaet" in sent.text
    assert NUMBER not in sent.text + sent.html
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    decide(staff, case, "reopen", text="Hun skrev igjen.")
    case.refresh_from_db()
    assert case.state == CaseState.SENT


def test_attachments_are_looked_at_like_every_upload(db, caseworker, session_for):
    message = a_mail(OTHER)
    good = {"maintype": "image", "subtype": "jpeg", "filename": "attest.jpg"}
    message.add_attachment(pictures.id_copy(), **good)
    message.add_attachment(b"MZ\x90 program", maintype="application", subtype="pdf", filename="a")
    message.add_attachment(b"<svg/>", maintype="image", subtype="svg+xml", filename="b.svg")
    send(message)
    mail = Mail.objects.get()
    assert mail.left_out == ["unreadable", "unreadable"]
    attachment = mail.attachments.get()
    staff = session_for(caseworker)
    shown = staff.get(f"/saker/{mail.case.reference}/{attachment.pk}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert "Vedlegg som ikke er tatt med" in page(staff.get(f"/saker/{mail.case.reference}/"))


def test_html_becomes_text_without_script(db, caseworker, session_for):
    html = (
        "<html><head><style>p{}</style><title>x</title></head><body><p>Hei&nbsp;du</p>"
        "<script>alert(1)</script><p>a &lt;b&gt;<br>c<a href='https://evil.example'>her</a></p>"
    )
    message = EmailMessage()
    message["From"], message["Subject"] = "ola@firma.example", "Hei"
    message.set_content(html, subtype="html")
    send(message)
    text = Mail.objects.get().text
    assert text == "Hei du\n\na <b>\ncher"
    shown = page(session_for(caseworker).get(f"/saker/{Case.objects.get().reference}/"))
    assert "a &lt;b&gt;" in shown
    assert "evil.example" not in shown


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("<p>En\nlinje</p><p>til", "En linje\n\ntil"),
        ("synlig<!-- ikke <b>dette</b> --> ord - og ord", "synlig ord - og ord"),
        ("a<SCRIPT>if (a < b) alert('<p>')</SCRIPT >b", "ab"),
        ("3 < 4 &amp; 5 &gt; 4 &#x2014; &#99999999999;", "3 < 4 & 5 > 4 \N{EM DASH} ;"),
        ("<![if !lists]>i Outlook<![endif]>", "i Outlook"),
    ],
)
def test_html_is_read_as_a_reader_would_see_it(document, text):
    assert incoming.as_text(document).strip() == text


@pytest.mark.parametrize("piece", ["<a ", "<!--<", "<![", "&#", "</", "<script", "-", "&" * 9])
def test_the_time_to_read_html_grows_with_its_length_alone(piece):
    def took(length):
        began = time.process_time()
        incoming.as_text(piece * (length // len(piece)))
        return time.process_time() - began

    assert took(1_000_000) < 30 * (took(100_000) + 0.01)  # squared it would be a hundred times


def nested(depth):
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"x" * (incoming.MOST_BYTES + 1),
        b"a\n" * (incoming.MOST_LINES + 1),
        nested(incoming.MOST_BOUNDARIES + 1),
        b"Content-Type: message/rfc822\n\n" * (incoming.MOST_PARTS + 1),
        b"X: 1\r" + b"Content-Type: message/rfc822\r\r" * (incoming.MOST_PARTS + 1),
        b"a\r" * (incoming.MOST_LINES + 1),
        b"Content-Type: text/plain; " + b'a=";' * incoming.MOST_OF_A_TYPE + b"\n\nHei",
    ],
    ids=["bytes", "lines", "boundaries", "parts", "old parts", "old lines", "parameters"],
)
def test_what_would_take_the_parser_too_long_is_not_parsed(raw):
    assert send(raw) == 413
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: =?no-such?B?SGVp?=\nFrom: <\n\nHei",
        b"Subject: =?utf-8?B?SGV?=\nFrom: a@b@c\n\nHei",
        b"Content-Type: text/plain; charset=no-such\n\nHei \xff\x00",
        b"Content-Type: text/plain; charset=base64\n\nHei",
        b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n!!!!\n",
        b"Content-Transfer-Encoding: base64\n\n\xf8\xf8=",
        b"Content-Type: multipart/mixed; boundary=\n\nHei",
        b"Content-Type: message/rfc822\n\nSubject: inni\n\nHei",
        b"\x00\x01\x02",
        b"Content-Type: text/html\n\n<p>Hei<![if !lists]>du<![endif]><![",
        b"Content-Type: text/plain; charset=utf-7\n\nHei +2AA- \\ud800",
        "Subject: =?utf-8?b?æøå?=\nFrom: æ@ø\n\nHei".encode(),
        b"From: " + b"(" * 1500 + b"\n\nHei",
        b"From: " + b"a" * 60 + b"@" + b"b." * 120 + b"no\n\nHei",
        nested(incoming.MOST_BOUNDARIES),
        b"Content-Type: message/rfc822\n\n" * incoming.MOST_PARTS,
        b"Subject: " + b"=?utf-8?Q?=C3=98?= " * 5000 + b"\n\nHei",
    ],
)
def test_hostile_mail_is_a_case_all_the_same(raw):
    assert send(raw) == 204
    assert Case.objects.get().kind == "mail"


def test_the_words_of_a_forwarded_mail_are_among_its_text(db):
    send(b"Content-Type: message/rfc822\n\nSubject: inni\n\nHei derfra")
    assert Mail.objects.get().text == "Hei derfra"


def test_an_automatic_answer_opens_nothing(db):
    message = a_mail("Fraværende")
    message["Auto-Submitted"] = "auto-replied"
    assert send(message) == 204
    assert not Case.objects.exists()


def test_only_who_has_the_token_hands_over_mail(settings):
    assert send(a_mail(), token="another") == 401
    assert send(b"") == 400
    settings.MAIL_TOKEN = ""
    assert send(a_mail()) == 401
    assert not Case.objects.exists()


def test_a_mail_server_may_pipe_it_in(monkeypatch, capsys, db):
    piped = io.TextIOWrapper(io.BytesIO(a_mail(OTHER).as_bytes()))
    monkeypatch.setattr(sys, "stdin", piped)
    call_command("take_in_mail")
    assert capsys.readouterr().out == f"case {Case.objects.get().reference}\n"


def test_the_disk_being_full_asks_for_it_again(db):
    """The process may write no file above 1000 bytes: what a full disk does, in small."""
    message = a_mail(OTHER)
    message.add_attachment(pictures.id_copy(), maintype="image", subtype="jpeg", filename="a.jpg")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        assert send(message) == 503
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not Mail.objects.exists()
    assert send(message) == 204
    assert Mail.objects.get().attachments.count() == 1


def test_what_is_shown_of_a_mail_hides_every_way_a_number_is_written():
    for typed in ("{} {}", "{}-{}", "{}{}", "{}.{}", "{}–{}", "{} – {}", "{}‑{}", "{}\n{}"):
        text = typed.format(NUMBER[:6], NUMBER[6:])
        assert NUMBER[6:] not in incoming.without_numbers(f"Nr {text}.")
    parted = f"{NUMBER[:2]} {NUMBER[2:4]} {NUMBER[4:6]} {NUMBER[6:9]} {NUMBER[9:]}"
    assert NUMBER[9:] not in incoming.without_numbers(parted)
    assert incoming.without_numbers("940 155 223, tlf. 22 22 22 22") == (
        "940 155 223, tlf. 22 22 22 22"
    )


def test_mail_of_a_sub_unit_is_the_main_units(applied):
    _browser, case = applied
    sub = Company.objects.get(pk=case.orgnr)
    sub.pk, sub.main_orgnr = OTHER, case.orgnr
    sub.save(force_insert=True)
    assert intake.take_in(a_mail(OTHER).as_bytes()).case == case


def test_mail_goes_a_year_after_its_case_ended_and_only_that_it_came_is_left(
    applied, caseworker, session_for
):
    _browser, case = applied
    message = a_mail(f"Om {case.orgnr}", "Noe om en person.")
    message.add_attachment(pictures.id_copy(), maintype="image", subtype="jpeg", filename="a.jpg")
    send(message)
    kept = rules.in_force(rules.MAIL_KEPT, clock.today()).value
    with time_machine.travel(clock.now() + kept + timedelta(days=2)):
        assert retention.delete_mail() == 0  # the case is open
    decide(session_for(caseworker), case, "refuse", text="Nei.")
    with time_machine.travel(clock.now() + kept - timedelta(days=1)):
        assert retention.delete_mail() == 0
    assert Attachment.objects.filter(mail__isnull=False).count() == 1
    with time_machine.travel(clock.now() + kept + timedelta(days=2)):
        assert retention.delete_mail() == 1
        assert retention.delete_mail() == 0
    assert not Mail.objects.exists()
    assert not Attachment.objects.filter(case=case, document="other").exists()
    told = list(case.entries.values_list("kind", "text"))
    assert ("mailed", "") in told
    assert told[-1] == ("mail_gone", "")
    assert Event.objects.filter(name="case:mail_gone", subject_id=str(case.pk)).count() == 1
