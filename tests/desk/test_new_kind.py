"""A kind of exemption that an administrator adds is offered, proved, enforced and warned of."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from hmskort.common import clock
from hmskort.desk import actions
from hmskort.desk.models import Case
from hmskort.notifications.models import Message
from registers.exemptions.models import Exemption, ExemptionKind
from tests.admin.forms import sent
from tests.desk.conftest import a_document
from tests.desk.test_exemptions import VAT, decide, found, page, period

pytestmark = pytest.mark.django_db
ADD = "admin:exemptions_exemptionkind_add"
VALUES = {
    "code": "voluntary_work",
    "requirement": VAT,
    "name_nb": "Dugnad",
    "name_nn": "Dugnad",
    "name_en": "Voluntary work",
    "position": "1",
    "forms": "AS",
    "longest_months": "2",
    "documents": ["decision"],
    "asks": ["explanation"],
    "by_application": "on",
    "renewable": "on",
    "source": "Veiledningen punkt 3.2",
}


@pytest.fixture
def added(somebody, session_for):
    """The kind was added in the administration."""
    sent(session_for(somebody("administrator")), reverse(ADD), VALUES)


@pytest.mark.feature("F261")
def test_a_kind_added_in_the_admin_is_asked_for_granted_enforced_and_warned_of(
    added, refused, apply, caseworker, session_for
):
    browser, line = refused("not VAT registered")
    address = f"/bestilling/{line.order.reference}/{line.reference}/unntak/{VAT}/"
    assert "Dugnad" in page(browser.get(address))
    form = page(browser.get(f"{address}?type=voluntary_work"))
    assert "Dugnad" in form
    assert "Vedtak eller brev fra en offentlig myndighet" in form
    given = {"explanation": "Alle arbeider gratis.", "decision": a_document()}
    for missing in given:
        some = {name: value for name, value in given.items() if name != missing}
        assert apply(browser, line, VAT, "voluntary_work", **some).status_code == 422
    given["decision"] = a_document()
    assert apply(browser, line, VAT, "voluntary_work", **given).status_code == 302
    case, staff = Case.objects.get(), session_for(caseworker)
    shown = page(staff.get(f"/saker/{case.reference}/"))
    assert "Alle arbeider gratis." in shown
    assert "Vedtak eller brev fra en offentlig myndighet" in shown
    assert found(line, VAT) == "not_met"
    assert decide(staff, case, "grant", **period(last=70)).status_code == 422  # two months at most
    decide(staff, case, "grant", **period(last=59))
    assert found(line, VAT) == "exempt"
    assert "Dugnad" in page(browser.get(f"/bestilling/{line.order.reference}/"))
    for days, told in ((28, 0), (29, 1), (30, 0)):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            assert actions.warn_expiring() == told
    assert "Dugnad" in Message.objects.get(key__endswith=":runs_out").text
    assert Exemption.objects.get().warned_at is not None


def test_a_kind_may_ask_for_what_has_no_code_in_words_of_its_own(refused, apply):
    ExemptionKind.objects.create(
        code="own_words", position=1, requirement=VAT, name_nb="Egne ord", name_nn="Eigne ord",
        name_en="Own words", documents=["Brev fra kommunen"], asks=["Hvor arbeider dere?"],
        source="A test",
    )  # fmt: skip
    browser, line = refused("not VAT registered")
    given = {"brev-fra-kommunen": a_document(), "hvor-arbeider-dere": "På Hitra."}
    for missing in given:
        some = {name: value for name, value in given.items() if name != missing}
        assert apply(browser, line, VAT, "own_words", **some).status_code == 422
    given["brev-fra-kommunen"] = a_document()
    assert apply(browser, line, VAT, "own_words", **given).status_code == 302
    case = Case.objects.get()
    assert case.attachments.get().document == "Brev fra kommunen"
    shown = page(browser.get(f"/henvendelser/{case.reference}/"))
    assert "Brev fra kommunen" in shown
    assert "Hvor arbeider dere?" in shown
    assert "På Hitra." in shown
