import pytest
from django.core import mail

from hmskort.accounts import actions as accounts
from hmskort.accounts.models import Access
from hmskort.accounts.orderers.models import Orderer
from hmskort.simulators import world
from registers.persons import person_for
from tests.builders import actor_of, rest

HERE = {"email": "ny@bestiller.example", "phone": "400 00 001"}


@pytest.fixture
def outbox(settings):
    """What was mailed, once the portal has come to rest."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def nobody_is_registered(db):
    Orderer.objects.all().delete()


@pytest.fixture
def delegated(somebody, kari):
    """`delegated("employed")`: may act for the company, because Kari says so."""

    def let_in(case, company="Byggmester AS"):
        national_id = world.person(case).national_id
        user = somebody(case)
        accounts.delegate(
            person=person_for(national_id),
            orgnr=world.company(company).orgnr,
            until=None,
            given_by=kari,
            actor=actor_of(kari),
        )
        return user

    return let_in


@pytest.fixture
def registers_as(client_as, session_for):
    """`registers_as(user, "bygg")`: the answer to the form, after the registers have answered."""

    def register(user, kind="bygg", company=None, **typed):
        orgnr = company.orgnr if company else None
        client = session_for(user, orgnr) if orgnr else client_as(user)
        client.get(f"/bli-bestiller/{kind}/")
        rest()
        return client.post(f"/bli-bestiller/{kind}/", HERE | typed)

    return register


def led_by(company):
    """The users who lead the company."""
    return Access.objects.filter(main_orgnr=company.orgnr, source=Access.Source.ROLE)
