import pytest
from django.db import transaction

from hmskort.common import clock
from hmskort.simulators import world
from registers import lookups
from registers.models import Lookup
from registers.orgnr import InvalidOrgnr
from registers.persons import people_for, person_for
from tests.builders import a_cart, rest

pytestmark = pytest.mark.django_db


def findings_in(company, kari, case="employed in another sub-unit"):
    line = a_cart(kari, case, company=company).lines.get()
    return {finding["requirement"]: finding for finding in line.verdict.findings}


COMPANIES = [
    # case, requirement, found, reason
    ("Byggmester AS", "company_exists", "met", "company_in_order"),
    ("ENK", "company_exists", "met", "company_in_order"),
    ("NUF", "company_exists", "met", "company_in_order"),
    ("deleted", "company_exists", "not_met", "company_deleted"),
    ("removed", "company_exists", "not_met", "company_deleted"),
    ("bankrupt", "company_exists", "not_met", "company_bankrupt"),
]


@pytest.mark.feature("F042")
@pytest.mark.parametrize(("case", "requirement", "found", "reason"), COMPANIES)
def test_a_company_is_what_enhetsregisteret_says(kari, case, requirement, found, reason):
    finding = findings_in(case, kari)[requirement]
    assert (finding["found"], finding["reason"]) == (found, reason)


@pytest.mark.feature("F042")
def test_a_number_that_cannot_be_a_companys_never_reaches_the_register():
    with pytest.raises(InvalidOrgnr), transaction.atomic():
        lookups.want({("enhetsregisteret", "310010007")}, not_older_than=clock.now())
    assert not Lookup.objects.exists()


@pytest.mark.feature("F043")
@pytest.mark.parametrize(
    ("case", "found"), [("Byggmester AS", "met"), ("not VAT registered", "not_met")]
)
def test_a_company_that_is_not_registered_for_vat_fails(kari, case, found):
    assert findings_in(case, kari)["vat_registered"]["found"] == found


@pytest.mark.feature("F049")
@pytest.mark.parametrize(
    ("case", "found", "reason"),
    [
        ("employed in another sub-unit", "met", "employed"),
        ("employment starts in 29 days", "met", "employed_soon"),
        ("employment starts in 30 days", "met", "employed_soon"),
        ("employment starts in 31 days", "not_met", "starts_too_late"),
        ("employment ended", "not_met", "not_employed"),  # the register tells of current ones only
        ("employed elsewhere", "not_met", "not_employed"),
        ("not employed", "not_met", "not_employed"),
    ],
)
def test_a_person_must_work_in_the_company_now_or_within_thirty_days(kari, case, found, reason):
    finding = findings_in("Byggmester AS", kari, case)["employed"]
    assert (finding["found"], finding["reason"]) == (found, reason)


@pytest.mark.parametrize(
    ("case", "found", "reason"),
    [
        ("D-number", "met", "person_in_order"),
        ("emigrated", "met", "person_in_order"),
        ("inactive D-number", "not_met", "d_number_inactive"),
        ("dead", "not_met", "dead"),
        ("number not in use", "not_met", "number_ended"),
        ("not in Folkeregisteret", "not_met", "person_not_found"),
    ],
)
def test_a_person_is_what_folkeregisteret_says(kari, case, found, reason):
    finding = findings_in("Byggmester AS", kari, case)["person_exists"]
    assert (finding["found"], finding["reason"]) == (found, reason)


def adds(client, order, *numbers):
    return client.post(f"/bestilling/{order.reference}/", {"numbers": "\n".join(numbers)})


def test_a_person_whose_d_number_became_a_fodselsnummer_is_one_person(kari, client_as):
    somebody = world.person("changed number")
    order = a_cart(kari, "changed number")
    response = adds(client_as(kari), order, *somebody.former_numbers)
    assert response.status_code == 302  # the register has not told us yet that it is the same one
    rest()
    line = order.lines.get(state="draft")
    assert line.person.national_id == somebody.national_id
    response = adds(client_as(kari), order, *somebody.former_numbers)
    assert response.status_code == 422
    assert "Personen er allerede i handlekurven." in response.content.decode()


def test_a_person_typed_by_the_old_number_first_and_then_by_the_new_is_one(kari, client_as):
    somebody = world.person("changed number")
    order = a_cart(kari)
    client = client_as(kari)
    adds(client, order, *somebody.former_numbers)
    adds(client, order, somebody.national_id)
    assert order.lines.filter(state="draft").count() == 2
    rest()
    line = order.lines.get(state="draft")
    assert line.person == person_for(somebody.national_id) == person_for(somebody.former_numbers[0])
    assert line.person.national_id == somebody.national_id
    assert line.verdict.outcome == "met"
    assert (
        "En person sto to ganger" in client.get(f"/bestilling/{order.reference}/").content.decode()
    )


def test_one_person_by_both_numbers_in_one_list_is_told(kari, client_as):
    somebody = world.person("changed number")
    order = a_cart(kari)
    people_for([*somebody.former_numbers, somebody.national_id])
    with transaction.atomic():
        lookups.want(
            {("folkeregisteret", str(person_for(somebody.former_numbers[0]).pk))},
            not_older_than=clock.now(),
        )
    rest()
    response = adds(client_as(kari), order, *somebody.former_numbers, somebody.national_id)
    assert response.status_code == 422
    assert "med gammelt og nytt nummer" in response.content.decode()
