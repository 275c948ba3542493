"""A cart with a refusal, and what an employer does about it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hmskort.accounts.models import Access, ListedCompany
from hmskort.simulators import world
from tests import pictures
from tests.builders import a_cart, rest


def a_document(name="vedlegg.jpg"):
    return SimpleUploadedFile(name, pictures.id_copy(), "image/jpeg")


@pytest.fixture
def give_access(kari):
    """`give_access("DA")`: Kari acts for that company too."""

    def give(company):
        firm = world.company(company)
        ListedCompany.objects.get_or_create(
            orgnr=firm.orgnr, defaults={"name": firm.name, "form": firm.form}
        )
        Access.objects.get_or_create(
            person=kari.person, main_orgnr=firm.orgnr, source=Access.Source.DELEGATION
        )
        return firm

    return give


@pytest.fixture
def refused(kari, session_for, give_access):
    """`refused("Byggmester AS", "Ola")`: Kari's browser, and a line that is not met."""

    def make(company, case="Ola", kind="bygg"):
        firm = give_access(company)
        order = a_cart(kari, case, company=company, kind=kind)
        return session_for(kari, firm.orgnr), order.lines.get()

    return make


@pytest.fixture
def apply():
    """`apply(browser, line, "vat_registered", "low_turnover")`: what the form answered."""

    def send(browser, line, requirement, kind, **given):
        address = f"/bestilling/{line.order.reference}/{line.reference}/unntak/{requirement}/"
        answer = browser.post(
            f"{address}?type={kind}", {"contact_email": "kari@byggmester.example", **given}
        )
        rest()
        return answer

    return send
