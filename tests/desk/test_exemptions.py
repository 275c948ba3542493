"""An employer applies for an exemption, and a caseworker grants, refuses or asks for more."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from PIL import Image

from cards.rules import months_from
from hmskort.accounts.models import Access
from hmskort.audit.models import Event
from hmskort.common import clock
from hmskort.common.transitions import MoveNotAllowed
from hmskort.desk import actions, attachments
from hmskort.desk.entries import Period
from hmskort.desk.models import Attachment, Case, Entry
from hmskort.desk.states import CaseState
from hmskort.notifications.models import Message
from hmskort.simulators import world
from registers.exemptions.models import Exemption
from tests.builders import a_cart, rest
from tests.desk.conftest import a_document
from tests.review.people import staff_actor

pytestmark = pytest.mark.django_db
VAT, WORK = "vat_registered", "employed"


def page(response) -> str:
    return " ".join(response.content.decode().split())


def found(line, requirement):
    line.refresh_from_db()
    return next(r["found"] for r in line.verdict.findings if r["requirement"] == requirement)


def decide(browser, case, decision, **given):
    answer = browser.post(f"/saker/{case.reference}/avgjor/", {"decision": decision, **given})
    rest()
    return answer


def period(first=0, last=30):
    today = clock.today()
    return {
        "from_on": (today + timedelta(first)).isoformat(),
        "to_on": (today + timedelta(last)).isoformat(),
    }


def day(offset):
    return (clock.today() + timedelta(offset)).isoformat()


def test_the_cart_offers_to_apply_where_there_is_something_to_apply_for(refused):
    browser, line = refused("not VAT registered")
    cart = page(browser.get(f"/bestilling/{line.order.reference}/"))
    assert f"/bestilling/{line.order.reference}/{line.reference}/unntak/{VAT}/" in cart
    assert f"/bestilling/{line.order.reference}/{line.reference}/innsigelse/{VAT}/" in cart
    assert "Søk om unntak" in cart


def test_a_requirement_that_is_met_cannot_be_applied_away(refused):
    browser, line = refused("Byggmester AS")
    address = f"/bestilling/{line.order.reference}/{line.reference}/unntak/{VAT}/"
    assert browser.get(address).status_code == 404


FORMS = [
    # company, kind, requirement, what must be given, source
    ("young and not VAT registered", "low_turnover_new", VAT, {}, "F063"),
    ("not VAT registered", "low_turnover", VAT, {"rf1316": "file"}, "F064"),
    ("NUF not VAT registered", "client_pays_vat", VAT,
     {"rf1199": "file", "contract": "file", "language": "en"}, "F065"),
    ("municipal enterprise", "municipal_enterprise", VAT, {"provision": "§ 3-28"}, "F066"),
    ("Svalbard", "svalbard", VAT, {"staff_registered": "on"}, "F067"),
    ("not VAT registered", "no_vat_duty", VAT, {"reason": "Bare salg i utlandet.",
     "tax_office": "file"}, "F070"),
    ("ENK with spouse", "spouse", WORK, {"spouse": "on"}, "F071"),
    ("DA", "partner", WORK, {"firmaattest": "file"}, "F072"),
    ("Byggmester AS", "chair", WORK, {"firmaattest": "file"}, "F073"),
    ("NUF with private clients", "private_clients", WORK,
     {"contract": "file", "language": "no", "contact": "Byggherre, 22 22 22 22",
      "ends_on": "soon", "people": "listed"}, "F074"),
]  # fmt: skip


def given(wanted):
    values = {
        "file": a_document,
        "soon": lambda: day(40),
        "listed": lambda: world.person("Per").national_id,
    }
    return {name: values.get(value, lambda v=value: v)() for name, value in wanted.items()}


WHOLE = {"F064", "F065", "F066", "F070", "F074"}  # rows that this test shows


@pytest.mark.parametrize(
    ("company", "kind", "requirement", "wanted", "source"),
    [
        pytest.param(
            *row, id=row[1], marks=[pytest.mark.feature(row[4])] if row[4] in WHOLE else []
        )
        for row in FORMS
    ],
)
def test_a_kind_asks_for_exactly_what_it_requires_and_is_granted(  # noqa: PLR0917 - the table
    refused, apply, caseworker, session_for, company, kind, requirement, wanted, source
):
    browser, line = refused(company)
    for missing in wanted:
        rest_of_it = {name: value for name, value in wanted.items() if name != missing}
        answer = apply(browser, line, requirement, kind, **given(rest_of_it))
        assert answer.status_code == 422, missing
    assert not Case.objects.exists()
    assert apply(browser, line, requirement, kind, **given(wanted)).status_code == 302
    case = Case.objects.get()
    assert (case.orgnr, case.company_name) == (line.orgnr, line.order.company_name)
    files = {name for name, value in wanted.items() if value == "file"}
    assert {row.document for row in case.attachments.all()} == files
    assert found(line, requirement) == "not_met"
    assert decide(session_for(caseworker), case, "grant", **period()).status_code == 302
    assert found(line, requirement) == "exempt"
    assert Message.objects.filter(subject__contains="unntaket er innvilget").exists()


@pytest.mark.feature("F063")
def test_a_young_company_gets_three_months_and_the_day_after_new_orders_fail(
    kari, refused, apply, caseworker, session_for
):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    case, staff = Case.objects.get(), session_for(caseworker)
    shown = page(staff.get(f"/saker/{case.reference}/"))

    def newly_found(*people):
        order = a_cart(kari, *people, company="young and not VAT registered")
        return found(order.lines.last(), VAT)

    too_long = decide(staff, case, "grant", **period(last=100))
    assert too_long.status_code == 422
    proposed = shown.split('name="to_on" value="')[1][:10]
    decide(staff, case, "grant", from_on=day(0), to_on=proposed)
    exemption = Exemption.objects.get()
    assert exemption.to_on.isoformat() == proposed
    assert exemption.to_on == months_from(exemption.from_on, 3)
    assert found(line, VAT) == "exempt"
    lasts = exemption.to_on - clock.today()
    with time_machine.travel(clock.now() + lasts):
        assert newly_found("employed") == "exempt"
    with time_machine.travel(clock.now() + lasts + timedelta(days=1)):
        assert newly_found("Per") == "not_met"


def test_of_several_exemptions_the_employer_chooses_and_none_is_chosen_for_them(refused):
    browser, line = refused("not VAT registered")
    address = f"/bestilling/{line.order.reference}/{line.reference}/unntak/{VAT}/"
    asked = page(browser.get(address))
    assert "Hva gjelder søknaden?" in asked
    assert "checked" not in asked
    assert 'name="contact_email"' not in asked
    nothing = browser.get(f"{address}?type=")
    assert nothing.status_code == 422
    assert "Velg hva søknaden gjelder." in page(nothing)
    assert 'name="rf1316"' in page(browser.get(f"{address}?type=low_turnover"))


def test_a_kind_that_is_for_other_companies_falls_back_to_what_fits(refused):
    browser, line = refused("municipal enterprise")
    address = f"/bestilling/{line.order.reference}/{line.reference}/unntak/{VAT}/"
    shown = page(browser.get(f"{address}?type=svalbard"))
    assert "Kommunalt foretak med sektorkode 1510" in shown
    assert "Svalbard" not in shown
    assert 'name="provision"' in page(browser.get(f"{address}?type=municipal_enterprise"))


@pytest.mark.feature("F067")
def test_svalbard_answers_vat_and_not_the_employment(refused, apply, caseworker, session_for):
    browser, line = refused("Svalbard")
    apply(browser, line, VAT, "svalbard", staff_registered="on")
    decide(session_for(caseworker), Case.objects.get(), "grant", **period())
    assert found(line, VAT) == "exempt"
    assert found(line, WORK) == "not_met"


@pytest.mark.feature("F071")
def test_a_spouse_is_linked_to_that_company_only(refused, apply, caseworker, session_for):
    browser, line = refused("ENK with spouse", "ENK spouse")
    apply(browser, line, WORK, "spouse", spouse="on")
    decide(session_for(caseworker), Case.objects.get(), "grant", **period())
    exemption = Exemption.objects.get()
    assert (exemption.person, exemption.orgnr) == (line.person, line.orgnr)
    _browser, other = refused("ENK", "ENK spouse")
    assert found(other, WORK) == "not_met"
    browser, as_line = refused("Byggmester AS")
    answer = apply(browser, as_line, WORK, "spouse", spouse="on")  # not an ENK: another form
    assert answer.status_code == 422


@pytest.mark.feature("F074")
def test_an_assignment_binds_those_listed_until_it_ends(refused, apply, caseworker, session_for):
    browser, line = refused("NUF with private clients")
    wanted = next(row[3] for row in FORMS if row[1] == "private_clients")
    apply(browser, line, WORK, "private_clients", **given(wanted))
    case, staff = Case.objects.get(), session_for(caseworker)
    assert decide(staff, case, "grant", **period(last=41)).status_code == 422
    decide(staff, case, "grant", **period(last=40))
    assert Exemption.objects.count() == 2  # Ola of the order, and Per of the list
    assert {row.to_on.isoformat() for row in Exemption.objects.all()} == {day(40)}


@pytest.mark.feature("F075")
def test_a_case_number_is_mandatory_in_svalbard_cleaning(refused, apply, caseworker, session_for):
    browser, line = refused("Svalbard", "permit refused", kind="renhold")
    assert found(line, "may_work_in_norway") == "not_met"
    people = world.person("permit refused").national_id
    wanted = {"case_number": "2026/1234", "people": people}
    for missing in wanted:
        some = {name: value for name, value in wanted.items() if name != missing}
        answer = apply(browser, line, "may_work_in_norway", "svalbard_permit", **some)
        assert answer.status_code == 422
    apply(browser, line, "may_work_in_norway", "svalbard_permit", **wanted)
    decide(session_for(caseworker), Case.objects.get(), "grant", **period())
    assert [row.person for row in Exemption.objects.all()] == [line.person]
    assert found(line, "may_work_in_norway") == "exempt"


CHAIRS = [
    # person, in the register as, attest, what the caseworker decides, state; all of 3.5.1-3
    ("chair not employed", "LEDE of this company", None, None, "exempt"),
    ("board member not employed", "MEDL of this company", None, None, "not_met"),
    ("resigned leader", "LEDE who has resigned", None, None, "not_met"),
    ("owner of ENK with spouse", "a role in another company", None, None, "not_met"),
    ("Ola", "nothing", None, None, "not_met"),
    ("Ola", "nothing", "sent", None, "not_met"),
    ("Ola", "nothing", "sent", "refuse", "not_met"),
    ("Ola", "nothing", "sent", "grant", "exempt"),
    ("board member not employed", "MEDL of this company", "sent", "grant", "exempt"),
]


@pytest.mark.feature("F073")
@pytest.mark.parametrize(("who", "role", "attest", "decision", "state"), CHAIRS)
def test_a_chair_is_in_the_register_or_has_an_approved_attest(  # noqa: PLR0917 - the table
    refused, apply, caseworker, session_for, who, role, attest, decision, state
):
    browser, line = refused("Byggmester AS", who)
    address = f"/bestilling/{line.order.reference}/{line.reference}/unntak/{WORK}/"
    if role == "LEDE of this company":
        assert browser.get(address).status_code == 404  # there is nothing to apply for
    elif attest is None:
        assert apply(browser, line, WORK, "chair").status_code == 422  # not without an attest
        assert not Case.objects.exists()
    else:
        apply(browser, line, WORK, "chair", firmaattest=a_document())
    if decision:
        staff = session_for(caseworker)
        decide(staff, Case.objects.get(), decision, text="Etter attesten.", **period())
    assert found(line, WORK) == state


def test_a_chair_approved_in_one_company_is_not_in_another(refused, apply, caseworker, session_for):
    browser, line = refused("Byggmester AS")
    apply(browser, line, WORK, "chair", firmaattest=a_document())
    decide(session_for(caseworker), Case.objects.get(), "grant", **period())
    _browser, other = refused("DA")
    assert found(other, WORK) == "not_met"


def test_the_employer_gets_a_receipt_and_a_status_page(refused, apply):
    browser, line = refused("young and not VAT registered")
    answer = apply(browser, line, VAT, "low_turnover_new")
    case = Case.objects.get()
    assert answer["Location"] == f"/henvendelser/{case.reference}/"
    shown = page(browser.get(answer["Location"]))
    assert "Til behandling" in shown
    assert line.order.company_name in shown
    mail = Message.objects.get(key=f"case:{case.reference}:received")
    assert case.reference in mail.subject
    assert f"/henvendelser/{case.reference}/" in mail.text
    assert case.reference in page(browser.get("/henvendelser/"))
    again = apply(browser, line, VAT, "low_turnover_new")
    assert again["Location"] == f"/henvendelser/{case.reference}/"
    assert Case.objects.count() == 1


def test_the_employer_answers_what_is_asked(refused, apply, caseworker, session_for):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    case, staff = Case.objects.get(), session_for(caseworker)
    assert decide(staff, case, "ask").status_code == 422  # asked what?
    decide(staff, case, "ask", text="Hva er omsetningen?")
    assert "Hva er omsetningen?" in Message.objects.get(subject__contains="trenger mer").text
    shown = page(browser.get(f"/henvendelser/{case.reference}/"))
    assert "Hva er omsetningen?" in shown
    assert case.reference not in page(staff.get("/saker/"))
    answer = browser.post(
        f"/henvendelser/{case.reference}/", {"text": "12 000 kroner.", "other": a_document()}
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.SENT
    assert "12 000 kroner." in page(staff.get(f"/saker/{case.reference}/"))
    late = browser.post(f"/henvendelser/{case.reference}/", {"text": "Og én ting til."})
    assert late.status_code == 409


def test_a_refusal_says_why_and_changes_nothing(refused, apply, caseworker, session_for):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    case, staff = Case.objects.get(), session_for(caseworker)
    assert decide(staff, case, "refuse").status_code == 422
    decide(staff, case, "refuse", text="Omsetningen er for høy.")
    assert "Omsetningen er for høy." in Message.objects.get(subject__contains="avslått").text
    assert found(line, VAT) == "not_met"
    assert decide(staff, case, "grant", **period()).status_code == 409


def test_what_was_granted_can_be_ended(refused, apply, caseworker, session_for):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    case, staff = Case.objects.get(), session_for(caseworker)
    decide(staff, case, "grant", **period())
    assert decide(staff, case, "end", text="Virksomheten er registrert.").status_code == 302
    assert found(line, VAT) == "not_met"
    assert decide(staff, case, "end", text="En gang til.").status_code == 409
    assert Message.objects.filter(subject__contains="unntaket er avsluttet").count() == 1


def test_what_was_never_granted_cannot_be_ended(refused, apply, caseworker, session_for):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    case, staff = Case.objects.get(), session_for(caseworker)
    assert decide(staff, case, "end", text="Feil knapp.").status_code == 409
    assert not case.entries.filter(kind="ended").exists()


def test_the_queue_is_oldest_first_and_filtered(refused, apply, caseworker, session_for):
    browser, first = refused("young and not VAT registered")
    apply(browser, first, VAT, "low_turnover_new")
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        browser, second = refused("Svalbard")
        apply(browser, second, VAT, "svalbard", staff_registered="on")
    one, two = Case.objects.order_by("sent_at")
    staff = session_for(caseworker)
    shown = page(staff.get("/saker/"))
    assert shown.index(one.reference) < shown.index(two.reference)
    assert one.reference not in page(staff.get("/saker/?type=dispute"))
    decide(staff, one, "refuse", text="Nei.")
    assert one.reference not in page(staff.get("/saker/"))
    assert one.reference in page(staff.get("/saker/?status=refused"))


@pytest.fixture
def strangers(per, ola, session_for, byggmester):
    return [session_for(per, byggmester.orgnr), session_for(ola)]


def test_others_see_nothing(  # noqa: PLR0917 - everyone who is kept out
    refused, apply, caseworker, reviewer, strangers, session_for
):
    browser, line = refused("not VAT registered")
    apply(browser, line, VAT, "low_turnover", rf1316=a_document())
    case, attachment = Case.objects.get(), Attachment.objects.get()
    mine = f"/henvendelser/{case.reference}/"
    assert browser.get(f"{mine}{attachment.pk}/")["Content-Type"] == "image/jpeg"
    for stranger in strangers:
        assert stranger.get(mine).status_code in {302, 404}
        assert stranger.get(f"{mine}{attachment.pk}/").status_code in {302, 404}
    assert session_for(reviewer).get(f"/saker/{case.reference}/").status_code == 404
    staff = session_for(caseworker)
    assert staff.get(f"/saker/{case.reference}/{attachment.pk}/").status_code == 200
    assert Event.objects.filter(name="case:document_viewed").exists()
    Access.objects.create(
        person=caseworker.person, main_orgnr=case.orgnr, source=Access.Source.DELEGATION
    )
    assert staff.get(f"/saker/{case.reference}/").status_code == 404  # nobody judges their own


def test_a_hostile_file_is_refused_and_nothing_is_kept(refused, apply):
    browser, line = refused("not VAT registered")
    file = a_document("attest.pdf")
    file.file.seek(0)
    file.file.truncate()
    file.file.write(b"%PDF-1.4 nonsense")
    file.file.seek(0)
    file.size = 17
    answer = apply(browser, line, VAT, "low_turnover", rf1316=file)
    assert answer.status_code == 422
    assert "lar seg ikke lese" in page(answer)
    assert not Attachment.objects.exists()


def a_pdf(pages):
    out = BytesIO()
    sheet = Image.new("RGB", (600, 850), "white")
    sheet.save(out, "PDF", save_all=True, append_images=[sheet] * (pages - 1))
    return SimpleUploadedFile("attest.pdf", out.getvalue(), "application/pdf")


def test_a_pdf_is_kept_with_all_its_pages_or_refused(refused, apply):
    browser, line = refused("not VAT registered")
    answer = apply(browser, line, VAT, "low_turnover", rf1316=a_pdf(13))
    assert answer.status_code == 422
    assert "for mange sider" in page(answer)
    apply(browser, line, VAT, "low_turnover", rf1316=a_pdf(4))
    attachment = Attachment.objects.get()
    shown = browser.get(f"/henvendelser/{attachment.case.reference}/{attachment.pk}/")
    width, height = Image.open(BytesIO(shown.content)).size
    assert height == 4 * 1600 > 4 * width


def test_history_is_only_added_to(refused, apply):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(text="Noe annet.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.all().delete()


def test_company_and_number_are_carried_along_without_being_typed(
    refused, apply, caseworker, session_for
):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new", orgnr="123456785", company_name="Andre AS")
    case = Case.objects.get()
    assert (case.orgnr, case.company_name) == (line.orgnr, line.order.company_name)
    shown = page(session_for(caseworker).get(f"/saker/{case.reference}/"))
    assert case.company_name in shown


def test_one_who_has_a_month_left_is_warned_once(refused, apply, caseworker, session_for):
    browser, line = refused("not VAT registered")
    apply(browser, line, VAT, "low_turnover", rf1316=a_document())
    decide(session_for(caseworker), Case.objects.get(), "grant", **period(last=60))
    with time_machine.travel(clock.now() + timedelta(days=29)):
        assert actions.warn_expiring() == 0
    with time_machine.travel(clock.now() + timedelta(days=30)):
        assert actions.warn_expiring() == 1
        assert actions.warn_expiring() == 0
    mail = Message.objects.get(key__endswith=":runs_out")
    assert "Søk på nytt" in mail.text


def test_an_application_is_not_settled_like_a_dispute(refused, apply, caseworker):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    with pytest.raises(MoveNotAllowed):
        actions.propose(
            case=Case.objects.get(), reason="x", user=caseworker, actor=staff_actor(caseworker),
            period=Period(clock.today(), clock.today()),
        )  # fmt: skip


def test_the_menu_says_how_many_wait_for_whom(
    refused, apply, caseworker, session_for, django_assert_max_num_queries
):
    browser, line = refused("young and not VAT registered")
    apply(browser, line, VAT, "low_turnover_new")
    case, staff = Case.objects.get(), session_for(caseworker)
    assert 'data-count="1"' in page(staff.get("/"))
    assert 'data-count="1"' not in page(browser.get("/"))
    decide(staff, case, "ask", text="Hva er omsetningen?")
    assert 'data-count="1"' not in page(staff.get("/"))
    shown = page(browser.get("/"))
    assert 'href="/henvendelser/"' in shown
    assert "(1 venter på svar fra deg)" in shown
    assert "Trenger svar fra deg" in page(browser.get("/henvendelser/"))
    for address, who in (("/saker/?status=alle", staff), ("/henvendelser/", browser)):
        with django_assert_max_num_queries(8):
            who.get(address)


def test_the_queue_is_filtered_sorted_and_paged_in_its_address(caseworker, session_for):
    firms = {"BYGG AS": "310010006", "ANLEGG AS": "310421901"}
    for number in range(60):
        name = sorted(firms)[number % 2]
        Case.objects.create(
            kind=Case.Kind.MAIL, orgnr=firms[name], company_name=name,
            sent_at=clock.now() - timedelta(minutes=number // 2),
        )  # fmt: skip
    staff, seen = session_for(caseworker), []
    address = "/saker/?sorter=virksomhet&type=mail"
    while address:
        context = staff.get(address).context
        seen += [row.case for row in context["cases"]]
        after = context["page"].after
        address = f"/saker/?sorter=virksomhet&type=mail&etter={after}" if after else ""
    assert len(seen) == len(set(seen)) == 60
    assert [row.company_name for row in seen] == ["ANLEGG AS"] * 30 + ["BYGG AS"] * 30
    assert sorted(row.sent_at for row in seen[:30]) == [row.sent_at for row in seen[:30]]
    second = staff.get(f"/saker/?sorter=virksomhet&etter={_after(staff)}").context["page"]
    back = staff.get(f"/saker/?sorter=virksomhet&for={second.before}").context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in seen[:25]]
    assert staff.get("/saker/?sorter=nyest&etter=tull").context["page"].before == ""
    for sought, count in (("310 421 901", 25), ("bygg", 25), (seen[0].reference.lower(), 1)):
        assert len(staff.get("/saker/", {"q": sought}).context["cases"]) == count
    assert "Ingen saker passer" in page(staff.get("/saker/?q=finnes-ikke"))


def _after(staff):
    return staff.get("/saker/?sorter=virksomhet").context["page"].after


def test_files_that_no_case_names_are_swept(refused, apply, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert attachments.remove_orphans() == 0  # there is no folder yet
    browser, line = refused("not VAT registered")
    apply(browser, line, VAT, "low_turnover", rf1316=a_document())
    left = tmp_path / attachments.FOLDER / "left.jpg"
    left.write_bytes(b"left by a killed process")
    assert attachments.remove_orphans() == 0  # its row may be on its way
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert attachments.remove_orphans() == 1
    assert not left.exists()
    assert (tmp_path / str(Attachment.objects.get().file)).exists()
