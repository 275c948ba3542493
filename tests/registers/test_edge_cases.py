"""Cases on the edge of the rules, each with where it is named."""

import pytest
from django.db import transaction

from cards.production.actions import gather
from cards.public_check.queries import check
from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.simulators import world
from hmskort.simulators.hand import companies
from hmskort.simulators.store import Store
from orders.forms import PeopleForm
from registers import national_id, tasks
from registers.exemptions import actions
from registers.exemptions.models import ExemptionKind
from registers.folkeregisteret.simulator import PERSONS
from registers.models import Person
from registers.persons import person_for
from tests.builders import a_cart, rest
from tests.cards.builders import issued, produced

pytestmark = pytest.mark.django_db
VAT, WORK = "vat_registered", "employed"


def found(order, requirement):
    line = order.lines.select_related("verdict").get()
    return next(row for row in line.verdict.findings if row["requirement"] == requirement)


def granted(kind, order, requirement):
    """The person of the order has the exemption from today on."""
    terms = actions.Terms(
        kind=ExemptionKind.objects.get(pk=kind), requirement=requirement, orgnr=order.orgnr,
        people=[order.lines.get().person], from_on=clock.today(), to_on=clock.today(),
        reason="Dokumentert.", case_reference="BCDFGHJK", granted_by="a",
    )  # fmt: skip
    with transaction.atomic():
        actions.grant(terms=terms, actor=SYSTEM)
    rest()


OWNERS_AND_LEADERS = [
    # company, person, the kind that is granted, found, source: edge case 4 and the guidance
    ("ENK with spouse", "owner of ENK with spouse", None, "exempt", "3.3: innehaver"),
    ("ENK with spouse", "Ola", None, "not_met", "3.3: somebody else than the owner"),
    ("ENK with spouse", "ENK spouse", None, "not_met", "3.5.1-1, F071"),
    ("ENK with spouse", "ENK spouse", "spouse", "exempt", "3.5.1-1, F071"),
    ("DA", "DA partner", None, "exempt", "3.5.1-2, F072: the role is in the register"),
    ("DA", "Ola", None, "not_met", "3.5.1-2, F072"),
    ("DA", "Ola", "partner", "exempt", "3.5.1-2, F072: firmaattest"),
    ("Byggmester AS", "chair not employed", None, "exempt", "3.5.1-3, F073"),
    ("Byggmester AS", "board member not employed", None, "not_met", "3.5.1-3, F073"),
    ("Byggmester AS", "board member not employed", "chair", "exempt", "3.5.1-3: firmaattest"),
]


@pytest.mark.parametrize("card_kind", ["bygg", "renhold"])
@pytest.mark.parametrize(("company", "who", "kind", "state", "source"), OWNERS_AND_LEADERS)
def test_owners_spouses_partners_and_chairs_with_and_without_exemption(  # noqa: PLR0917 - the table
    kari, card_kind, company, who, kind, state, source
):
    order = a_cart(kari, who, company=company, kind=card_kind)
    if kind:
        granted(kind, order, WORK)
    assert found(order, WORK)["found"] == state, source


@pytest.mark.feature("F053")
def test_an_agency_that_loses_its_approval_loses_all_its_cards_at_once_and_gets_them_back():
    """Edge case 5; no card is blocked, and another company's card is as it was."""
    today, store = world.on(clock.today()), Store()
    agency = today.company("staffing")
    cases = [person.case for person in today.employees(agency)[:3]]
    cards = [produced(case, "staffing") for case in cases]
    other = produced("employed")

    def public():
        return [check(card.number).status for card in (*cards, other)]

    def set_to(status):
        companies.set_staffing(store, agency.orgnr, status)
        tasks.read_file("bemanningsforetaksregisteret")
        rest()
        return public()

    assert public() == ["valid"] * 4
    assert set_to("Ikke godkjent") == ["not_valid"] * 3 + ["valid"]
    assert set_to("Godkjent") == ["valid"] * 4
    for card in cards:
        card.refresh_from_db()
        assert (card.state, card.unmet) == ("produced", [])


def test_a_public_body_that_is_registered_for_vat_anyway_meets_the_requirement_itself(kari):
    """Edge case 7: the sector code is worth something on the day the registration ends."""
    order = a_cart(kari, "Ola", company="municipality")
    assert found(order, VAT)["reason"] == "exemption_proven"
    tasks.follow_companies()  # from now on
    met, exempt = ("met", "vat_registered"), ("exempt", "exemption_proven")
    for registered, told in ((True, met), (False, exempt)):
        companies.set_vat(Store(), order.orgnr, registered=registered)
        tasks.follow_companies()
        rest()
        row = found(order, VAT)
        assert (row["found"], row["reason"]) == told


def number_of_2032(rest_1):
    """A synthetic number that only the rule of 2032 accepts: k1 leaves this rest."""
    for serial in range(400, 500):
        nine = f"058790{serial}"
        for digits in range(100):
            number = f"{nine}{digits:02}"
            left = _left(number, national_id.WEIGHTS_1)
            if (left, _left(number, national_id.WEIGHTS_2)) == (rest_1, 0):
                return number
    raise LookupError(rest_1)


def _left(number, weights):
    return sum(int(n) * w for n, w in zip(number, weights, strict=False)) % 11


@pytest.mark.feature("F048")
@pytest.mark.parametrize("rest_1", [1, 2, 3])
def test_a_number_of_2032_is_typed_and_asked_for_from_that_year_and_not_before(
    kari, time_machine, rest_1
):
    """Edge case 10. Source: Skatteetaten, nytt fødselsnummer fra 2032."""
    number, orgnr = number_of_2032(rest_1), world.company("Byggmester AS").orgnr
    assert national_id.is_synthetic(number)
    time_machine.move_to("2031-12-31 12:00+01:00", tick=True)
    assert not PeopleForm({"numbers": number}, orgnr=orgnr).is_valid()
    time_machine.move_to("2032-01-01 12:00+01:00", tick=True)
    form = PeopleForm({"numbers": number}, orgnr=orgnr)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["numbers"] == [number]
    person = person_for(number)
    assert (person.sex, person.birth_date) == (Person.Sex.UNKNOWN, None)  # never read off digits


def test_a_person_whose_sex_is_not_known_has_a_card_that_says_so():
    """Edge case 10: from 2032 the digits tell no sex, and the register need not either."""
    number = world.person("employed").national_id
    with Store().changing(PERSONS, number) as document:
        document["kjoenn"] = []
    card = issued("employed")
    rest()
    gather()
    assert (card.sex, card.chip_job.content["sex"]) == (Person.Sex.UNKNOWN, "U")
