"""The table of exemptions: whom each kind is for and whom not, what proves it, how long it lasts.

That a granted one holds on its days and no others is in `test_exemptions`, for each kind as well.
"""

from datetime import date

import pytest

from registers.exemptions.documents import NAMES
from registers.exemptions.kinds import GUIDE, KINDS
from registers.exemptions.rules import CompanyFacts, Conditions, Holder, Role, fits, has_role
from tests.registers.test_exemptions import APPLIED_FOR, AUTOMATIC

TODAY = date(2026, 11, 21)
VAT, WORK, PERMIT = "vat_registered", "employed", "may_work_in_norway"
OLD, YOUNG = date(2026, 5, 21), date(2026, 5, 22)  # six months old today, and tomorrow
ANYONE, NOBODY_ELSE = CompanyFacts(), None


def firm(form="AS", sector="2100", industry="41.200", municipality="0301", registered_on=OLD):
    return CompanyFacts(form, sector, industry, municipality, registered_on)


TABLE = [
    # kind, requirement, a company it is for, one it is not for, the role, documents, what is asked,
    # the longest it lasts in months, source: the guidance, row
    ("municipal_enterprise", VAT, firm(sector="1510"), firm(), "", [], ["provision"], 12,
     "3.2 punkt 3; F066"),
    ("svalbard", VAT, firm(municipality="2100"), firm(), "", [], ["staff_registered"], 12,
     "3.2 punkt 4; F067"),
    ("client_pays_vat", VAT, firm("NUF"), firm(), "", ["rf1199", "contract"], ["language"], 12,
     "3.2 punkt 2; F065"),
    ("low_turnover_new", VAT, firm(registered_on=YOUNG), firm(registered_on=OLD), "", [], [], 3,
     "3.2 punkt 1 første strekpunkt; F063"),
    ("low_turnover", VAT, firm(registered_on=OLD), firm(registered_on=YOUNG), "", ["rf1316"], [],
     12, "3.2 punkt 1 andre strekpunkt; F064"),
    ("public_sector", VAT, firm(sector="6500"), firm(sector="1510"), "", [], [], 12,
     "3.2 punkt 5; F068"),
    ("public_sector", VAT, firm(sector="6100"), firm(sector=""), "", [], [], 12, "3.2 punkt 5"),
    ("public_sector", VAT, firm(sector="1110"), firm(sector="7000"), "", [], [], 12,
     "3.2 punkt 5"),
    ("training_office", VAT, firm(sector="7000", industry="85.320"), firm(industry="85.320"), "",
     [], [], 12, "3.2 punkt 5; F069"),
    ("interest_organisation", VAT, firm(sector="7000", industry="94.110"), firm(sector="7000"),
     "", [], [], 12, "3.2 punkt 5; F069"),
    ("own_property", VAT, firm(industry="68.209"), firm(sector="1510", industry="68.209"), "", [],
     [], 12, "3.2 punkt 5; F069"),
    ("no_vat_duty", VAT, ANYONE, NOBODY_ELSE, "", ["tax_office"], ["reason"], 12,
     "3.2 punkt 6; F070"),
    ("spouse", WORK, firm("ENK"), firm(), "", [], ["spouse"], 12, "3.5.1 punkt 1; F071"),
    ("owner", WORK, firm("ENK"), firm(), "INNH", [], [], 12, "3.3 andre avsnitt"),
    ("partner", WORK, firm("DA"), firm(), "DTPR", ["firmaattest"], [], 12, "3.5.1 punkt 2; F072"),
    ("partner", WORK, firm("ANS"), firm("ENK"), "DTSO", ["firmaattest"], [], 12,
     "3.5.1 punkt 2; F072"),
    ("chair", WORK, ANYONE, NOBODY_ELSE, "LEDE", ["firmaattest"], [], 12, "3.5.1 punkt 3; F073"),
    ("private_clients", WORK, firm("NUF"), firm(), "", ["contract"],
     ["language", "contact", "ends_on", "people"], 24, "3.5.2; F074"),
    ("svalbard_permit", PERMIT, firm(municipality="2100"), firm(), "", [],
     ["case_number", "people"], 12, "3.6 andre avsnitt; F075"),
]  # fmt: skip
OF_CASEWORKERS = {"override": "F058", "assessed": "F052"}  # answer any requirement, by two
ROWS = pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]}-{n}" for n, row in enumerate(TABLE)])


def conditions_of(code):
    kind = KINDS[code]
    named = ("forms", "sector_codes", "industries", "municipalities")
    return Conditions(
        **{name: frozenset(kind.get(name, ())) for name in named},
        months_at_least=kind.get("months_at_least"),
        months_below=kind.get("months_below"),
    )


@ROWS
def test_a_kind_is_for_those_it_names_and_for_no_others(row):
    code, _, those, others, *_ = row
    assert fits(conditions_of(code), those, TODAY)
    assert others is NOBODY_ELSE or not fits(conditions_of(code), others, TODAY)


@ROWS
def test_what_is_not_known_of_a_company_never_fulfils_a_condition(row):
    code, _, those, *_ = row
    assert fits(conditions_of(code), CompanyFacts(), TODAY) is (those is ANYONE)


@ROWS
def test_a_kind_answers_its_requirement_on_the_proof_that_the_guidance_names(row):
    code, requirement, _, _, _, documents, asks, months, source = row
    kind = KINDS[code]
    assert kind["requirement"] == requirement
    assert (kind.get("documents", []), kind.get("asks", [])) == (documents, asks)
    assert set(documents) <= set(NAMES)
    assert kind.get("longest_months", 12) == months
    assert kind["source"] == f"{GUIDE}, {source.partition(';')[0]}"


@ROWS
def test_a_role_exempts_its_holder_alone(row):
    code, _, _, _, role, *_ = row
    codes = KINDS[code].get("roles", [])
    holder = Holder("Leif", "Murer", date(1974, 10, 28))
    other = Holder("Leif", "Tømrer", date(1974, 10, 28))
    assert bool(codes) is bool(role)
    assert has_role(holder, [Role(role, holder)], codes) is bool(role)
    assert not has_role(other, [Role(role, holder)], codes)
    assert not has_role(holder, [Role("MEDL", holder)], codes)


def test_no_kind_lacks_a_row():
    assert {row[0] for row in TABLE} | set(OF_CASEWORKERS) == set(KINDS)
    assert all(not KINDS[code]["requirement"] for code in OF_CASEWORKERS)
    assert all(row[-1] for row in TABLE)


def test_every_kind_that_is_granted_is_tried_on_its_days():
    by_application = {code for code, kind in KINDS.items() if kind.get("by_application", True)}
    assert by_application <= {row[0] for row in APPLIED_FOR}


def test_every_kind_that_the_registers_prove_is_tried_where_they_do():
    proven = {kind["name_nb"] for code, kind in KINDS.items() if kind.get("automatic")}
    assert proven == {row[4] for row in AUTOMATIC if row[3] == "exempt"}
