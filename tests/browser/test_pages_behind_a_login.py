"""Pages behind a login, made of parts that other tests look at in full: a glance at each."""

import pytest
from django.conf import settings as configured

from tests.builders import a_cart

pytestmark = pytest.mark.django_db(transaction=True)
OF_AN_EMPLOYER = (
    "/adresser/",
    "/adresser/ny/",
    "/bestill/kortholdere/",
    "/forny/",
    "/henvendelser/",
    "/import/",
    "/min-profil/",
    "/min-profil/innlogging/",
    "/min-profil/kontakt/",
)
OF_A_CASEWORKER = (
    "/avtaler/",
    "/avtaler/ny/",
    "/brev/",
    "/kort-med-feil/",
    "/papir/",
    "/prisavslag/",
    "/prisavslag/porto/",
)
OF_A_PRODUCER = ("/produksjon/", "/produksjon/kortholdere/")


@pytest.fixture
def key_of(client_as):
    """The session key of somebody who is logged in."""
    return lambda user: client_as(user).cookies[configured.SESSION_COOKIE_NAME].value


def test_pages_of_an_employer_are_accessible_and_fit(glance_at, key_of, kari):
    order = a_cart(kari, "not employed")
    line = f"/bestilling/{order.reference}/{order.lines.get().reference}"
    about_it = (f"{line}/unntak/employed/", f"{line}/innsigelse/employed/", f"{line}/etternavn/")
    assert glance_at((*OF_AN_EMPLOYER, *about_it), session=key_of(kari)) == []


def test_pages_of_the_issuers_people_are_accessible_and_fit(
    glance_at, key_of, caseworker, producer
):
    assert glance_at(OF_A_CASEWORKER, session=key_of(caseworker)) == []
    assert glance_at(OF_A_PRODUCER, session=key_of(producer)) == []
