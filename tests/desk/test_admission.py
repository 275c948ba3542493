"""Somebody without Norwegian electronic ID: applies, is let in by a letter, and orders."""

import re
from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cards.rules import months_from
from hmskort.accounts import actions as accounts
from hmskort.accounts.models import Access, User
from hmskort.accounts.orderers.actions import codes
from hmskort.accounts.orderers.models import EntryCode, Orderer
from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.desk import retention
from hmskort.desk.models import Attachment, Case
from hmskort.desk.states import CaseState
from hmskort.simulators import world
from tests import pictures
from tests.builders import rest
from tests.orderers.test_password_login import PASSWORD, code_now

APPLY, ENTER, OPEN = "/uten-id-porten/", "/apne-konto/", "/apne-konto/passord/"


@pytest.fixture(autouse=True)
def attempts_of_its_own(settings):
    """Each test counts attempts by itself, also beside another worker's."""
    name = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": name, "LOCATION": uuid4().hex}}


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def abroad():
    return world.company("NUF")


def a_scan():
    return SimpleUploadedFile("pass.jpg", pictures.id_copy(), "image/jpeg")


def applies(company, client=None, **typed):
    given = {
        "orgnr": company.orgnr,
        "position": "Project manager",
        "kinds": ["bygg"],
        "given_names": "Zofia",
        "surname": "Kowalska",
        "birth_date": "1985-04-03",
        "number": "",
        "email": "zofia@firma.example",
        "phone": "+48 601 234 567",
        "passport": a_scan(),
    }
    return (client or Client()).post(APPLY, given | typed)


@pytest.fixture
def case(db, abroad):
    assert applies(abroad)["Location"] == f"{APPLY}sendt/"
    rest()
    return Case.objects.get(kind=Case.Kind.ADMISSION)


@pytest.fixture
def at_desk(caseworker, session_for):
    return session_for(caseworker)


def decide(client, case, decision, text="Passet er kontrollert."):
    return client.post(f"/saker/{case.reference}/avgjor/", {"decision": decision, "text": text})


def handed_out(client):
    page = client.post(f"/brev/{EntryCode.objects.latest('pk').pk}/vis/")
    return re.search(r"<code>([A-Z2-9-]{14})</code>", page.content.decode())[1]


def opens(code, password=PASSWORD):
    """A visitor who types the code and chooses password and second factor; the last answer."""
    visitor = Client()
    entered = visitor.post(ENTER, {"entry_code": code})
    if entered.status_code != 302:
        return visitor, entered
    visitor.get(OPEN)
    secret = visitor.session["mfa.totp.secret"]
    typed = {"password": password, "again": password, "code": code_now(secret)}
    return visitor, visitor.post(OPEN, typed)


@pytest.mark.feature("F216")
@pytest.mark.feature("F224")
def test_a_foreign_firm_is_let_in_with_a_letter_and_its_orderer_acts_for_it(
    case, abroad, at_desk, outbox
):
    queue = at_desk.get("/saker/?type=admission").content.decode()
    assert case.reference in queue
    page = at_desk.get(f"/saker/{case.reference}/").content.decode()
    assert "Zofia Kowalska" in page
    decide(at_desk, case, "admit")
    rest()
    assert "godkjent" in outbox[-1].subject

    code = EntryCode.objects.get()
    letter = at_desk.get(f"/brev/{code.pk}/")
    text = pypdfium2.PdfDocument(letter.content)[0].get_textpage().get_text_range()
    assert codes.text_of(code) in text
    assert abroad.name in text
    typed = codes.text_of(code)
    at_desk.post(f"/brev/{code.pk}/sendt/")
    assert at_desk.get(f"/brev/{code.pk}/").status_code == 404, "nobody reads it here any more"

    visitor, answer = opens(typed.lower())
    assert answer.status_code == 200
    assert len(re.findall(r"<code>\d{8}</code>", answer.content.decode())) == 10
    rest()
    zofia = User.objects.get(name="Zofia Kowalska")
    orderer = Orderer.objects.get(user=zofia)
    assert orderer.shown in outbox[-1].subject
    assert outbox[-1].to == ["zofia@firma.example"]
    assert visitor.get("/bestill/").status_code == 200
    assert visitor.get("/min-profil/").status_code == 200
    assert visitor.get("/velg-virksomhet/").status_code == 200


def test_what_is_told_of_a_code_is_the_same_and_it_works_once(case, at_desk):
    decide(at_desk, case, "admit")
    code = handed_out(at_desk)
    assert opens(code)[1].status_code == 200
    assert opens(code)[1].status_code == 422
    assert opens("HXK7-2P4W-QRS3")[1].status_code == 422


def test_codes_cannot_be_guessed_at(case, at_desk):
    decide(at_desk, case, "admit")
    code = handed_out(at_desk)
    for _ in range(5):
        Client().post(ENTER, {"entry_code": "HXK7-2P4W-QRS3"})
    assert Client().post(ENTER, {"entry_code": code}).status_code == 429


def test_a_code_is_kept_by_its_hash_and_too_old_after_a_month(case, at_desk, time_machine):
    decide(at_desk, case, "admit")
    row = EntryCode.objects.get()
    typed = codes.text_of(row)
    assert typed.replace("-", "") not in f"{row.fingerprint}{row.sealed}"
    time_machine.move_to(clock.now() + timedelta(days=31))
    assert opens(typed)[1].status_code == 422


def test_a_new_code_takes_the_place_of_one_that_was_lost(case, at_desk):
    decide(at_desk, case, "admit")
    lost = handed_out(at_desk)
    at_desk.post(f"/brev/{EntryCode.objects.get().pk}/ny/")
    assert opens(lost)[1].status_code == 422
    assert opens(handed_out(at_desk))[1].status_code == 200


def test_it_stands_in_the_history_that_the_desk_saw_a_code(case, at_desk, caseworker):
    decide(at_desk, case, "admit")
    handed_out(at_desk)
    assert Event.objects.get(name="code:handed_out").actor_id == str(caseworker.pk)
    again = at_desk.post(f"/brev/{EntryCode.objects.get().pk}/vis/", follow=True)
    assert "allerede gitt videre" in again.content.decode()


def test_who_is_refused_reads_why_and_is_not_let_in(case, at_desk, outbox):
    decide(at_desk, case, "refuse", "Bildet av passet kan ikke leses.")
    rest()
    assert "Bildet av passet kan ikke leses." in outbox[-1].body
    assert not EntryCode.objects.exists()
    assert not User.objects.filter(name="Zofia Kowalska").exists()


def test_what_was_granted_can_be_ended(case, at_desk, abroad):
    decide(at_desk, case, "admit")
    visitor, _ = opens(handed_out(at_desk))
    decide(at_desk, case, "end", "Sluttet i firmaet.")
    assert not Access.objects.filter(main_orgnr=abroad.orgnr, ended_at=None).exists()
    assert visitor.get("/bestill/")["Location"].startswith("/velg-virksomhet/")


def test_sending_twice_makes_one_case(case, abroad):
    assert applies(abroad).status_code == 302
    assert Case.objects.filter(kind=Case.Kind.ADMISSION).count() == 1
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"orgnr": "123456789"}, "orgnr"),
        ({"birth_date": "2025-01-01"}, "birth_date"),
        ({"number": "12345678901"}, "number"),
        ({"phone": "ring meg"}, "phone"),
        ({"kinds": []}, "kinds"),
        ({"passport": SimpleUploadedFile("a.jpg", b"<?php evil", "image/jpeg")}, "passport"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_kept(db, abroad, typed, field):
    page = applies(abroad, **typed)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "Kowalska" in page.content.decode()
    assert not Case.objects.filter(kind=Case.Kind.ADMISSION).exists()


def test_a_d_number_is_kept_with_the_person_and_never_in_the_answers(db, abroad, world_number):
    number = world_number("stateless")
    applies(abroad, number=number)
    case = Case.objects.get(kind=Case.Kind.ADMISSION)
    assert case.person.national_id == number
    assert number not in str(case.answers)


def test_who_logs_in_with_id_porten_gets_no_code(somebody, abroad, at_desk, world_number):
    somebody("employed")
    applies(abroad, number=world_number("employed"))
    case = Case.objects.get(kind=Case.Kind.ADMISSION)
    page = decide(at_desk, case, "admit")
    assert page.status_code == 422
    assert "trenger ikke kode" in page.content.decode()
    case.refresh_from_db()
    assert case.state == CaseState.SENT


def test_a_strangers_number_lets_nobody_in(db, abroad, at_desk, world_number):
    applies(abroad, number=world_number("stateless"))
    case = Case.objects.get(kind=Case.Kind.ADMISSION)
    page = decide(at_desk, case, "admit")
    assert "ikke svart" in page.content.decode()
    rest()
    page = decide(at_desk, case, "admit")
    assert page.status_code == 422
    assert "stemmer ikke" in page.content.decode()
    assert "Karim Hassan" in page.content.decode(), "whose number it is"
    assert not Access.objects.filter(person=case.person).exists()
    assert not EntryCode.objects.exists()


@pytest.fixture
def karim(db, abroad, at_desk, world_number):
    """Let in with his own number; he has opened his account."""
    his = {"given_names": "Karim", "surname": "Hassan", "birth_date": "1985-05-15"}
    applies(abroad, number=world_number("stateless"), **his)
    rest()
    decide(at_desk, Case.objects.get(kind=Case.Kind.ADMISSION), "admit")
    assert opens(handed_out(at_desk))[1].status_code == 200
    return User.objects.get(person__surname="Hassan")


def test_the_first_login_at_id_porten_closes_the_way_in_with_a_code(karim, at_desk, world_number):
    assert karim.has_usable_password()
    accounts.know_user(sub="karim", national_id=world_number("stateless"))
    rest()
    karim.refresh_from_db()
    assert not karim.has_usable_password()
    assert not karim.authenticator_set.exists()
    at_desk.post(f"/brev/{EntryCode.objects.get().pk}/ny/")
    assert EntryCode.objects.count() == 1, "no code is made for them any more"


def test_a_code_opens_nothing_once_the_access_has_ended_or_there_is_another(case, at_desk):
    decide(at_desk, case, "admit")
    code = handed_out(at_desk)
    access = Access.objects.get(source=Access.Source.DESK)
    other = Access.objects.create(
        person=access.person, main_orgnr="974760673", source=Access.Source.DELEGATION
    )
    visitor, _ = opens(code)
    assert "_auth_user_id" not in visitor.session
    other.delete()
    access.ended_at = clock.now()
    access.save()
    visitor, _ = opens(code)
    assert "_auth_user_id" not in visitor.session
    at_desk.post(f"/brev/{EntryCode.objects.get().pk}/ny/")
    assert EntryCode.objects.count() == 1
    assert "Lag ny kode" not in at_desk.get("/brev/").content.decode()


def test_only_the_desk_sees_applications_and_letters(case, kari, client_as, abroad):
    assert client_as(kari).get(f"/saker/{case.reference}/").status_code == 404
    assert client_as(kari).get("/brev/").status_code == 404
    assert client_as(kari).get(f"/henvendelser/{case.reference}/").status_code == 404


def test_the_producer_prints_letters_and_sees_no_code(case, at_desk, producer, session_for):
    decide(at_desk, case, "admit")
    at_printer = session_for(producer)
    code = EntryCode.objects.get()
    assert at_printer.get("/brev/").status_code == 200
    assert at_printer.get(f"/brev/{code.pk}/").status_code == 200
    assert at_printer.post(f"/brev/{code.pk}/vis/").status_code == 404


def test_where_id_porten_is_the_only_way_in_nobody_applies(client, settings):
    settings.PASSWORD_LOGIN = False
    assert [client.get(each).status_code for each in (APPLY, ENTER, OPEN)] == [404, 404, 404]


def logs_in(number, code):
    """Where BestillerID, password and that code lead."""
    visitor = Client()
    visitor.post("/logg-inn/passord/", {"number": number, "password": PASSWORD})
    return visitor.post("/logg-inn/engangskode/", {"code": code})


def test_who_lost_telephone_and_recovery_codes_is_let_in_anew_after_the_desk_saw_them(
    case, at_desk, caseworker, outbox
):
    decide(at_desk, case, "admit")
    before, answer = opens(handed_out(at_desk))
    recovery = re.search(r"<code>(\d{8})</code>", answer.content.decode())[1]
    zofia = User.objects.get(name="Zofia Kowalska")
    zofia.email = "zofia@firma.example"
    zofia.save()
    assert decide(at_desk, case, "renew", text="").status_code == 422, "how was it seen who it is?"
    decide(at_desk, case, "renew", text="Har vist passet på kontoret.")
    rest()
    assert "Ny engangskode" in at_desk.get(f"/saker/{case.reference}/").content.decode()
    told = [mail for mail in outbox if "ny engangskode" in mail.subject]
    assert [mail.to for mail in told] == [["zofia@firma.example"]]
    event = Event.objects.get(name="case:renewed")
    assert event.actor_id == str(caseworker.pk)
    assert before.get("/min-profil/").status_code == 200, "it changes nothing until it is used"

    anew, answer = opens(handed_out(at_desk), "et helt annet sett med ord")
    assert answer.status_code == 200
    assert anew.get("/min-profil/").status_code == 200
    assert before.get("/min-profil/").status_code == 302, "the session before is over"
    assert logs_in(zofia.orderers.get().shown, recovery)["Location"] == "/logg-inn/"
    assert EntryCode.objects.filter(user=zofia, used_at__isnull=False).count() == 2


def test_who_acts_for_two_companies_is_handed_the_code_and_never_sent_it(case, at_desk):
    decide(at_desk, case, "admit")
    opens(handed_out(at_desk))
    zofia = User.objects.get(name="Zofia Kowalska")
    Access.objects.create(
        person=zofia.person, main_orgnr="974760673", source=Access.Source.DELEGATION
    )
    decide(at_desk, case, "renew", text="Har vist passet på kontoret.")
    code = EntryCode.objects.latest("pk")
    assert at_desk.get(f"/brev/{code.pk}/").status_code == 404
    page = at_desk.get("/brev/").content.decode()
    assert "Gis bare til personen selv" in page
    assert "Merk som sendt" not in page
    at_desk.post(f"/brev/{code.pk}/sendt/")
    assert opens(handed_out(at_desk))[1].status_code == 200


def test_no_code_is_made_anew_for_who_has_been_at_id_porten(karim, at_desk, world_number):
    case = Case.objects.get(kind=Case.Kind.ADMISSION)
    accounts.know_user(sub="karim", national_id=world_number("stateless"))
    rest()
    page = decide(at_desk, case, "renew", text="Har vist passet på kontoret.")
    assert page.status_code == 422
    assert "Personen logger inn med ID-porten" in page.content.decode()
    assert EntryCode.objects.count() == 1
    assert not Event.objects.filter(name="case:renewed").exists(), "nothing half done"


def test_a_refused_application_is_not_taken_up_while_another_waits(case, abroad, at_desk):
    decide(at_desk, case, "refuse", "Bildet av passet kan ikke leses.")
    applies(abroad)
    answer = decide(at_desk, case, "reopen", "Passet kan leses likevel.")
    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.state == CaseState.REFUSED


@pytest.mark.parametrize(
    ("decision", "status"),
    [("grant", 409), ("ask", 409), ("close", 409), ("propose", 409), ("reply", 409), ("x", 422)],
)
def test_what_the_page_has_no_button_for_is_not_done(case, at_desk, decision, status):
    typed = {"decision": decision, "text": "x", "from_on": "2030-01-01", "to_on": "2030-02-01"}
    assert at_desk.post(f"/saker/{case.reference}/avgjor/", typed).status_code == status
    case.refresh_from_db()
    assert case.state == CaseState.SENT


def test_an_identity_number_in_a_name_is_not_kept(db, abroad, world_number):
    number = world_number("stateless")
    applies(abroad, position=f"leder {number}", surname=f"Kowalska {number}")
    assert number not in str(Case.objects.get(kind=Case.Kind.ADMISSION).answers)


def test_the_passport_is_deleted_26_months_after_it_was_sent(case, at_desk, time_machine):
    decide(at_desk, case, "admit")
    sent = clock.today()
    time_machine.move_to(clock.now() + (months_from(sent, 26) - sent))
    assert retention.delete_passports() == 0
    time_machine.move_to(clock.now() + timedelta(days=1))
    assert retention.delete_passports() == 1
    assert retention.delete_passports() == 0
    assert not Attachment.objects.filter(case=case).exists()
    assert case.entries.last().kind == "scan_gone"
    assert Event.objects.filter(name="case:scan_gone").count() == 1
