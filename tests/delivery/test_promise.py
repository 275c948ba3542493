"""What a company is promised: by its agreement, or as everybody is."""

from datetime import timedelta

import pytest

from hmskort.accounts.orderers.models import Agreement
from hmskort.common import clock
from hmskort.common.templatetags.portal import dato
from hmskort.notifications.models import Message
from tests.orders.paying import paid_order

pytestmark = pytest.mark.django_db


def agree(byggmester, user, *, days, accepted=True):
    Agreement.objects.create(
        orgnr=byggmester.orgnr,
        company_name=byggmester.name,
        contact_name="Kari Byggestad",
        contact_email="kari@byggmester.example",
        promise_days=days,
        registered_by=user,
        accepted_by=user if accepted else None,
        accepted_at=clock.now() if accepted else None,
        terms_version="2026-1" if accepted else "",
    )


@pytest.mark.feature("F116")
@pytest.mark.parametrize(
    ("agreed", "accepted", "days"), [(14, True, 14), (None, True, 4), (14, False, 4)]
)
def test_the_promise_of_an_accepted_agreement_is_shown_on_the_order_and_its_receipt(  # noqa: PLR0917 - a table
    byggmester, kari, client_as, agreed, accepted, days
):
    agree(byggmester, kari, days=agreed, accepted=accepted)
    order = paid_order(kari, "employed in another sub-unit")
    last = clock.today() + timedelta(days=days)
    assert order.lines.get().send_by == last
    assert dato(last) in client_as(kari).get(f"/bestillinger/{order.reference}/").content.decode()
    assert dato(last) in Message.objects.get(key=f"receipt:{order.reference}").text


@pytest.mark.feature("F086")
def test_an_order_says_where_it_came_from(kari):
    assert paid_order(kari, "employed in another sub-unit").source == "portal"
