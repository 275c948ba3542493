"""What a company is promised: by its agreement, or as everybody is."""

from datetime import timedelta

import pytest

from cards.production.rules import SENT_WITHIN
from hmskort.accounts.orderers.models import Agreement
from hmskort.common import clock
from hmskort.common.dated import in_force
from hmskort.common.templatetags.portal import dato
from hmskort.notifications.models import Message
from hmskort.simulators import world
from orders.actions.promising import promise_of
from tests.orders.paying import paid_order

pytestmark = pytest.mark.django_db


def agree(byggmester, user, *, days):
    Agreement.objects.create(
        orgnr=byggmester.orgnr,
        company_name=byggmester.name,
        contact_name="Kari Byggestad",
        contact_email="kari@byggmester.example",
        promise_days=days,
        registered_by=user,
        accepted_by=user,
        accepted_at=clock.now(),
        terms_version="2026-1",
    )


@pytest.mark.feature("F116")
@pytest.mark.parametrize(("agreed", "days"), [(14, 14), (None, 4)])
def test_the_promise_of_an_accepted_agreement_is_shown_on_the_order_and_its_receipt(
    byggmester, kari, client_as, agreed, days
):
    agree(byggmester, kari, days=agreed)
    order = paid_order(kari, "employed in another sub-unit")
    last = clock.today() + timedelta(days=days)
    assert order.lines.get().send_by == last
    assert dato(last) in client_as(kari).get(f"/bestillinger/{order.reference}/").content.decode()
    assert dato(last) in Message.objects.get(key=f"receipt:{order.reference}").text


def test_only_the_companys_own_accepted_agreement_counts_wherever_the_card_is_sent(
    byggmester, kari
):
    agree(world.company("electrician"), kari, days=30)
    agree(byggmester, kari, days=14)
    order = paid_order(kari, "employed in another sub-unit")
    today = clock.today()
    assert order.lines.get().send_by == today + timedelta(days=14)
    mine = Agreement.objects.filter(orgnr=byggmester.orgnr)
    mine.update(accepted_at=None, accepted_by=None, terms_version="")
    assert promise_of(byggmester.orgnr, today) == in_force(SENT_WITHIN, today).value


@pytest.mark.feature("F086")
def test_an_order_says_where_it_came_from(kari):
    assert paid_order(kari, "employed in another sub-unit").source == "portal"
