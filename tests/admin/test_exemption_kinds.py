"""A kind of exemption is data: its conditions, proofs and length are chosen, and checked."""

import pytest
from django.urls import reverse

from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.simulators.hand import companies
from hmskort.simulators.store import Store
from registers import tasks
from registers.exemptions.models import Exemption, ExemptionKind
from registers.exemptions.queries import applicable
from tests.admin.forms import opened, sent
from tests.builders import a_cart, rest
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db
ADD = reverse("admin:exemptions_exemptionkind_add")
VALUES = {
    "code": "voluntary_work",
    "requirement": "vat_registered",
    "name_nb": "Dugnad",
    "name_nn": "Dugnad",
    "name_en": "Voluntary work",
    "position": "15",
    "forms": "AS",
    "sector_codes": "",
    "industries": "41., 43.2",
    "municipalities": "0301",
    "longest_months": "6",
    "documents": ["tax_office"],
    "asks": ["reason"],
    "by_application": "on",
    "renewable": "on",
    "source": "Veiledningen punkt 3.2",
}


def change(code):
    return reverse("admin:exemptions_exemptionkind_change", args=[code])


def test_a_kind_that_is_added_has_what_was_typed_and_ticked(desk):
    sent(desk, ADD, {**VALUES, "industries": " 41.; 43.2  41. "})
    row = ExemptionKind.objects.get(pk="voluntary_work")
    assert (row.forms, row.industries, row.municipalities) == (["AS"], ["41.", "43.2"], ["0301"])
    assert (row.documents, row.asks) == (["tax_office"], ["reason"])
    assert (row.longest_months, row.automatic, row.personal) == (6, False, False)
    assert (row.months_at_least, row.months_below) == (None, None)
    assert [event.name for event in history(row)] == ["data:added"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"forms": "aksjeselskap"}, "«aksjeselskap» er ikke en kode her"),
        ({"sector_codes": "61"}, "«61» er ikke en kode her"),
        ({"industries": "bygg"}, "«bygg» er ikke en kode her"),
        ({"municipalities": "Oslo"}, "«Oslo» er ikke en kode her"),
        ({"documents": ["kvittering"]}, "Velg et gyldig valg"),
        ({"asks": ["alder"]}, "Velg et gyldig valg"),
        ({"requirement": "god_vilje"}, "Velg et gyldig valg"),
        ({"longest_months": "0"}, "minst én måned"),
        ({"months_at_least": "6", "months_below": "6"}, "både så gammel og så ung"),
        ({"roles": ["LEDE"]}, "En rolle er en persons"),
        (
            {"automatic": "on", "forms": "", "industries": "", "municipalities": ""},
            "må ha minst én betingelse",
        ),
        ({"source": ""}, "må fylles ut"),
        ({"code": "svalbard"}, "finnes"),
    ],
)
def test_a_kind_that_cannot_stand_is_not_stored(desk, given, said):
    count = ExemptionKind.objects.count()
    assert said in sent(desk, ADD, {**VALUES, **given}, fails=True)
    assert ExemptionKind.objects.count() == count


def test_a_kind_that_is_added_is_offered_to_the_companies_it_names(desk, kari):
    order = a_cart(kari, "Ola", company="not VAT registered")
    conditions = {"industries": "", "municipalities": ""}
    sent(desk, ADD, {**VALUES, **conditions})
    today = clock.today()
    offered = [kind.pk for kind in applicable(order.orgnr, "vat_registered", today)]
    assert offered[0] == "voluntary_work"
    sent(desk, change("voluntary_work"), opened(desk, change("voluntary_work"), forms="ENK"))
    offered = [kind.pk for kind in applicable(order.orgnr, "vat_registered", today)]
    assert "voluntary_work" not in offered


def test_an_automatic_kind_makes_cards_valid_and_its_end_takes_them_back(desk):
    card = produced("employed")
    rest()
    tasks.follow_companies()
    companies.set_vat(Store(), card.orgnr, registered=False)
    tasks.follow_companies()

    def unmet():
        rest()
        card.refresh_from_db()
        return card.unmet

    assert unmet() == ["vat_registered"]
    automatic = {"automatic": "on", "by_application": "", "municipalities": "", "industries": "41."}
    sent(desk, ADD, {**VALUES, **automatic})
    assert unmet() == []
    sent(desk, change("voluntary_work"), opened(desk, change("voluntary_work"), automatic=None))
    assert unmet() == ["vat_registered"]


def test_what_rests_on_a_kind_keeps_what_it_was_granted_from(desk, kari):
    order = a_cart(kari, "Ola", company="not VAT registered")
    today = clock.today()
    Exemption.objects.create(
        kind_id="low_turnover", requirement="vat_registered", orgnr=order.orgnr, from_on=today,
        to_on=today, granted_by="a", case_reference="BCDFGHJK",
    )  # fmt: skip
    form = opened(desk, change("low_turnover"), requirement="employed", personal="on")
    sent(desk, change("low_turnover"), {**form, "longest_months": "3"})
    row = ExemptionKind.objects.get(pk="low_turnover")
    assert (row.requirement, row.personal, row.longest_months) == ("vat_registered", False, 3)
    delete = reverse("admin:exemptions_exemptionkind_delete", args=["low_turnover"])
    assert desk.post(delete, {"post": "yes"}).status_code == 403


def test_the_portals_own_kinds_are_shown_and_not_changed(desk):
    own = ExemptionKind.objects.filter(requirement="")
    assert own
    for row in own:
        assert desk.get(change(row.pk)).status_code == 200
        assert desk.post(change(row.pk), VALUES).status_code == 403
