"""Every kind of exemption in every state, as a table of cases with its source."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.simulators import world
from registers.exemptions import actions, queries, rules
from registers.exemptions.models import Exemption, ExemptionKind
from registers.exemptions.rules import CompanyFacts, Conditions, Holder, Role
from registers.models import CardKind
from registers.persons import person_for
from registers.requirements.texts import explain
from tests.builders import a_cart, rest

TODAY = date(2026, 11, 21)


def holder(given="Ragnvald", surname="Styreleder", born=date(1957, 5, 17)):
    return Holder(given, surname, born)


@pytest.mark.parametrize(
    ("conditions", "company", "fits"),
    [
        (Conditions(), CompanyFacts(), True),
        (Conditions(forms=frozenset({"ENK"})), CompanyFacts(form="ENK"), True),
        (Conditions(forms=frozenset({"ENK"})), CompanyFacts(form="AS"), False),
        (Conditions(sector_codes=frozenset({"1510"})), CompanyFacts(sector_code="1510"), True),
        (Conditions(sector_codes=frozenset({"1510"})), CompanyFacts(), False),
        (Conditions(industries=frozenset({"94."})), CompanyFacts(industry="94.110"), True),
        (Conditions(industries=frozenset({"94."})), CompanyFacts(industry="41.200"), False),
        (Conditions(municipalities=frozenset({"2100"})), CompanyFacts(municipality="0301"), False),
        (Conditions(months_below=6), CompanyFacts(registered_on=date(2026, 5, 22)), True),
        (Conditions(months_below=6), CompanyFacts(registered_on=date(2026, 5, 21)), False),
        (Conditions(months_at_least=6), CompanyFacts(registered_on=date(2026, 5, 21)), True),
        (Conditions(months_at_least=6), CompanyFacts(registered_on=date(2026, 5, 22)), False),
        (Conditions(months_below=6), CompanyFacts(), False),  # not known is never a yes
    ],
)
def test_a_company_fits_what_the_conditions_name(conditions, company, fits):
    assert rules.fits(conditions, company, TODAY) is fits


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (holder(), True),
        (holder("RAGNVALD OLE"), True),  # a middle name in one register only
        (holder(surname="STYRELEDER "), True),
        (holder(born=date(1957, 5, 18)), False),
        (holder(surname="Styremedlem"), False),
        (holder("Ole Ragnvald"), False),
        (holder(born=None), False),
    ],
)
def test_a_role_is_the_persons_by_birth_date_and_name(other, same):
    assert rules.has_role(holder(), [Role("LEDE", other)], ["LEDE"]) is same
    assert not rules.has_role(holder(), [Role("MEDL", other)], ["LEDE"])


def offered(kari, company, requirement):
    """The kinds a company may apply for, once Enhetsregisteret has answered."""
    order = a_cart(kari, "Ola", company=company)
    kinds = queries.applicable(order.orgnr, requirement, clock.today())
    return [kind.code for kind in kinds]


VAT, WORK, PERMIT = "vat_registered", "employed", "may_work_in_norway"


@pytest.mark.parametrize(
    ("company", "requirement", "first", "source"),
    [
        ("young and not VAT registered", VAT, "low_turnover_new", "3.2-1a, F063"),
        ("not VAT registered", VAT, "low_turnover", "3.2-1b, F064"),
        ("NUF not VAT registered", VAT, "client_pays_vat", "3.2-2, F065"),
        ("municipal enterprise", VAT, "municipal_enterprise", "3.2-3, F066"),
        ("Svalbard", VAT, "svalbard", "3.2-4, F067"),
        ("ENK with spouse", WORK, "spouse", "3.5.1-1, F071"),
        ("DA", WORK, "partner", "3.5.1-2, F072"),
        ("ANS", WORK, "partner", "3.5.1-2, F072"),
        ("Byggmester AS", WORK, "chair", "3.5.1-3, F073"),
        ("Svalbard", PERMIT, "svalbard_permit", "3.6, F075"),
        ("Byggmester AS", PERMIT, None, "3.6: only in Svalbard"),
    ],
)
def test_the_narrowest_kind_is_offered_first(kari, company, requirement, first, source):
    assert [*offered(kari, company, requirement), None][0] == first


@pytest.mark.parametrize(
    ("company", "kind", "may"),
    [
        ("not VAT registered", "low_turnover_new", False),
        ("young and not VAT registered", "low_turnover", False),
        ("not VAT registered", "client_pays_vat", False),
        ("not VAT registered", "municipal_enterprise", False),
        ("not VAT registered", "svalbard", False),
        ("not VAT registered", "no_vat_duty", True),  # F070: whoever has documentation
        ("not VAT registered", "public_sector", False),  # automatic: nothing to apply for
    ],
)
def test_a_kind_is_not_offered_to_other_companies(kari, company, kind, may):
    assert (kind in offered(kari, company, VAT)) is may


def test_foreign_companies_with_private_clients_and_only_they_are_offered_that(kari):
    assert "private_clients" in offered(kari, "NUF with private clients", WORK)  # 3.5.2, F074
    assert "private_clients" not in offered(kari, "Byggmester AS", WORK)


def found(order, requirement):
    line = order.lines.select_related("verdict").get()
    return next(row for row in line.verdict.findings if row["requirement"] == requirement)


AUTOMATIC = [
    # company, person, requirement, found, kind, source
    ("municipality", "Ola", VAT, "exempt", "Offentlig virksomhet", "3.2-5, F068"),
    ("county", "Ola", VAT, "exempt", "Offentlig virksomhet", "3.2-5, F068"),
    ("state agency", "Ola", VAT, "exempt", "Offentlig virksomhet", "3.2-5, F068"),
    ("training office", "Ola", VAT, "exempt", "Opplæringskontor", "3.2-5, F069"),
    ("interest organisation", "Ola", VAT, "exempt", "Interesseorganisasjon", "3.2-5, F069"),
    ("property owner", "Ola", VAT, "exempt", "Utleie og omsetning av egen fast eiendom",
     "3.2-5, F069"),
    ("municipal enterprise", "Ola", VAT, "not_met", "", "3.2-3, F066: by application"),
    ("not VAT registered", "Ola", VAT, "not_met", "", "3.2-6, F070: by application"),
    ("Svalbard", "Ola", VAT, "not_met", "", "3.2-4, F067: by application"),
    ("DA", "DA partner", WORK, "exempt", "Deltaker i ansvarlig selskap (DA eller ANS)",
     "3.5.1-2, F072"),
    ("ANS", "ANS partner", WORK, "exempt", "Deltaker i ansvarlig selskap (DA eller ANS)",
     "3.5.1-2, F072"),
    ("DA", "Ola", WORK, "not_met", "", "3.5.1-2, F072"),
    ("Byggmester AS", "chair not employed", WORK, "exempt", "Styreleder som ikke er ansatt",
     "3.5.1-3, F073"),
    ("Byggmester AS", "board member not employed", WORK, "not_met", "", "3.5.1-3, F073"),
    ("Byggmester AS", "resigned leader", WORK, "not_met", "", "3.5.1-3"),
    ("ENK with spouse", "owner of ENK with spouse", WORK, "exempt",
     "Innehaver av enkeltpersonforetak", "3.3"),
    ("ENK with spouse", "ENK spouse", WORK, "not_met", "", "3.5.1-1, F071: by application"),
]  # fmt: skip


@pytest.mark.parametrize(("company", "who", "requirement", "state", "kind", "source"), AUTOMATIC)
def test_what_the_registers_prove_needs_no_application(  # noqa: PLR0917 - the table
    kari, company, who, requirement, state, kind, source
):
    row = found(a_cart(kari, who, company=company), requirement)
    assert row["found"] == state
    if kind:
        assert kind in explain(row).text


@pytest.mark.feature("F068")
def test_a_listed_sector_code_passes_the_vat_check_without_an_application(kari):
    for company in ("municipality", "county", "state agency"):
        assert found(a_cart(kari, "Ola", company=company), VAT)["found"] == "exempt"


@pytest.mark.feature("F069")
def test_each_category_is_a_kind_of_its_own():
    for code in ("training_office", "interest_organisation", "own_property"):
        assert ExemptionKind(code=code).pk == code
    cases = {case: kind for case, _who, _req, _state, kind, source in AUTOMATIC if "F069" in source}
    assert len(set(cases.values())) == 3


@pytest.mark.feature("F072")
def test_partners_are_found_in_the_register_and_only_partnerships_are_offered_that(kari):
    assert found(a_cart(kari, "DA partner", company="DA"), WORK)["found"] == "exempt"
    assert "partner" in offered(kari, "ANS", WORK)
    assert "partner" not in offered(kari, "Byggmester AS", WORK)


def granted(kind, orgnr, *people, first=0, last=30, **given):
    today = clock.today()
    terms = actions.Terms(
        kind=ExemptionKind.objects.get(pk=kind),
        requirement=given.pop("requirement", VAT),
        orgnr=orgnr,
        people=people,
        from_on=today + timedelta(first),
        to_on=today + timedelta(last),
        reason="Dokumentert.",
        case_reference=given.pop("case_reference", "BCDFGHJK"),
        granted_by=given.pop("granted_by", "a"),
        **given,
    )
    with transaction.atomic():
        return actions.grant(terms=terms, actor=SYSTEM)


APPLIED_FOR = [
    # kind, company, person, requirement, card kind, source
    ("low_turnover_new", "young and not VAT registered", None, VAT, "bygg", "3.2-1a, F063"),
    ("low_turnover", "not VAT registered", None, VAT, "bygg", "3.2-1b, F064"),
    ("low_turnover", "not VAT registered", None, VAT, "renhold", "3.2-1b, F064"),
    ("client_pays_vat", "NUF not VAT registered", None, VAT, "bygg", "3.2-2, F065"),
    ("municipal_enterprise", "municipal enterprise", None, VAT, "bygg", "3.2-3, F066"),
    ("svalbard", "Svalbard", None, VAT, "bygg", "3.2-4, F067"),
    ("no_vat_duty", "not VAT registered", None, VAT, "bygg", "3.2-6, F070"),
    ("spouse", "ENK with spouse", "ENK spouse", WORK, "bygg", "3.5.1-1, F071"),
    ("spouse", "ENK with spouse", "ENK spouse", WORK, "renhold", "3.5.1-1, F071"),
    ("partner", "DA", "Ola", WORK, "bygg", "3.5.1-2, F072"),
    ("chair", "Byggmester AS", "Ola", WORK, "bygg", "3.5.1-3, F073"),
    ("private_clients", "NUF with private clients", "Ola", WORK, "bygg", "3.5.2, F074"),
    ("svalbard_permit", "Svalbard", "permit refused", PERMIT, "renhold", "3.6, F075"),
    ("override", "Byggmester AS", "Ola", WORK, "bygg", "004, F058"),
]


@pytest.mark.parametrize(
    ("kind", "company", "who", "requirement", "card_kind", "source"), APPLIED_FOR
)
@pytest.mark.parametrize(
    ("first", "last", "state"),
    [(0, 30, "exempt"), (-30, 0, "exempt"), (-30, -1, "not_met"), (1, 30, "not_met")],
    ids=["from today", "last day", "day after", "day before"],
)
def test_a_granted_exemption_holds_on_its_days(  # noqa: PLR0917 - the table
    kari, kind, company, who, requirement, card_kind, source, first, last, state
):
    order = a_cart(kari, who or "Ola", company=company, kind=card_kind)
    people = [person_for(world.person(who).national_id)] if who else []
    granted(kind, order.orgnr, *people, requirement=requirement, first=first, last=last,
            confirmed_by="b" if kind == "override" else "")  # fmt: skip
    rest()  # granting re-evaluates by itself
    assert found(order, requirement)["found"] == state, source


def test_a_personal_exemption_is_no_one_elses(kari):
    order = a_cart(kari, "Ola", company="ENK with spouse")
    granted("spouse", order.orgnr, person_for(world.person("ENK spouse").national_id),
            requirement=WORK)  # fmt: skip
    rest()
    assert found(order, WORK)["found"] == "not_met"


def test_an_exemption_in_one_company_is_none_in_another(kari):
    ola = person_for(world.person("Ola").national_id)
    granted("spouse", world.company("ENK with spouse").orgnr, ola, requirement=WORK)
    assert found(a_cart(kari, "Ola", company="ENK"), WORK)["found"] == "not_met"


def test_an_exemption_that_is_taken_back_does_not_hold(kari):
    order = a_cart(kari, "Ola", company="not VAT registered")
    [exemption] = granted("low_turnover", order.orgnr)
    rest()
    assert found(order, VAT)["found"] == "exempt"
    with transaction.atomic():
        actions.end(exemption=exemption, reason="Virksomheten er registrert.", actor=SYSTEM)
    rest()
    assert found(order, VAT)["found"] == "not_met"


def test_a_new_kind_added_as_data_is_enforced(kari):
    order = a_cart(kari, "Ola", company="not VAT registered")
    assert found(order, VAT)["found"] == "not_met"
    ExemptionKind.objects.create(
        code="coffee", position=5, requirement=VAT, name_nb="Kaffe", name_nn="Kaffi",
        name_en="Coffee", automatic=True, forms=["AS"], industries=["41"], source="A test",
    )  # fmt: skip
    row = found(a_cart(kari, "Per", company="not VAT registered", kind="renhold"), VAT)
    assert row["found"] == "exempt"
    assert "Kaffe" in explain(row).text


def test_an_override_needs_two_different_people(kari):
    ola = person_for(world.person("Ola").national_id)
    for second in ("", "a"):
        with pytest.raises(IntegrityError), transaction.atomic():
            granted("override", "310010007", ola, confirmed_by=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        granted("override", "310010007", confirmed_by="b")  # and never a whole company


def test_what_was_granted_is_never_changed(db):
    granted("low_turnover", "310010007")
    with pytest.raises(DatabaseError), transaction.atomic():
        Exemption.objects.update(to_on=clock.today() + timedelta(900))


def test_days_of_several_exemptions_are_joined(kari):
    order = a_cart(kari, "Ola", company="not VAT registered")
    granted("low_turnover", order.orgnr, first=0, last=10)
    granted("no_vat_duty", order.orgnr, first=11, last=20, case_reference="CCCCCCCC")
    person = order.lines.get().person_id
    days = queries.exemptions_for([person], order.orgnr)[person][VAT].holds
    today = clock.today()
    assert list(days) == [(today, today + timedelta(20))]


def test_the_number_of_queries_does_not_grow_with_the_people(kari, django_assert_num_queries):
    order = a_cart(kari, "Ola", "Per", "employed", company="DA")
    people = [line.person_id for line in order.lines.all()]
    with django_assert_num_queries(5):
        queries.exemptions_for(people[:1], order.orgnr)
    with django_assert_num_queries(5):
        queries.exemptions_for(people, order.orgnr)


@pytest.mark.django_db
def test_every_kind_answers_a_requirement_that_there_is():
    answered = {row.requirement for row in ExemptionKind.objects.exclude(requirement="")}
    asked = {row.requirement for kind in CardKind.objects.all() for row in kind.requirements.all()}
    assert answered <= asked
