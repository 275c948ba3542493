"""The employer hears when cards stop being valid, why and what to do, and when they hold again."""

from datetime import timedelta

import pytest

from hmskort.common import clock
from hmskort.notifications.models import Message
from hmskort.simulators.hand import companies, people
from hmskort.simulators.store import Store
from orders import tasks
from orders.models import CardNews, Order
from registers import tasks as register_tasks
from registers.models import Employer
from tests.builders import a_cart, rest
from tests.cards.builders import produced

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(time_machine):
    """`told()`: the mails on validity, after the schedule has run for half a minute."""

    def read():
        Employer.objects.update(due_at=clock.now())
        register_tasks.follow_companies()
        register_tasks.follow_people()
        register_tasks.reread_employers()
        rest()
        time_machine.move_to(clock.now() + timedelta(seconds=30), tick=True)
        tasks.tell_companies()
        tasks.tell_companies()
        rest()
        return list(Message.objects.filter(key__startswith="validity:").order_by("pk"))

    return read


@pytest.fixture
def card(kari):
    """A card of Byggmester AS, whose last order was Kari's."""
    card = produced()
    produced("also employed")
    a_cart(kari, "employed in another sub-unit")
    Order.objects.update(contact_email="kari@byggmester.example")
    return card


@pytest.mark.feature("F246")
def test_one_mail_says_which_cards_are_not_valid_and_why_and_another_that_they_are_again(
    card, told
):
    assert told() == []
    companies.set_vat(Store(), card.orgnr, registered=False)
    (mail,) = told()
    assert mail.to == "kari@byggmester.example"
    assert "2 HMS-kort er ikke gyldige nå" in mail.subject
    assert card.holder_name in mail.text
    assert "er ikke registrert for merverdiavgift" in mail.text
    assert "Registrer virksomheten i Merverdiavgiftsregisteret" in mail.text
    assert len(told()) == 1  # nothing new
    companies.set_vat(Store(), card.orgnr, registered=True)
    assert "gyldige igjen" in told()[-1].subject


def test_an_employment_that_will_end_is_told_of_at_once_with_the_last_day(card, told, byggmester):
    told()
    friday = clock.today() + timedelta(days=6)
    people.end_employment(Store(), card.person.national_id, byggmester.orgnr, friday)
    (mail,) = told()
    assert f"gyldig til og med {friday:%d.%m.%Y}" in mail.text


def test_what_went_back_and_forth_before_anybody_was_told_is_no_news(card, told):
    told()
    for registered in (False, True):
        companies.set_vat(Store(), card.orgnr, registered=registered)
        register_tasks.follow_companies()
        rest()
    assert CardNews.objects.exists()
    assert told() == []


def test_a_company_that_has_never_ordered_here_has_nobody_to_tell(told):
    lonely = produced()
    told()
    companies.set_vat(Store(), lonely.orgnr, registered=False)
    assert told() == []
    assert not CardNews.objects.filter(told_at=None).exists()
