"""Ways to pay begin and end on days that an administrator sets; what was done is in the history."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hmskort.audit.models import Event
from hmskort.common import clock
from orders.payments.models import PaymentMethod
from orders.payments.offers import change_after, methods_on
from tests.admin.forms import opened, sent

pytestmark = pytest.mark.django_db


def row(method):
    return PaymentMethod.objects.get(method=method)


def ended(desk, method, until, fails=False):
    address = reverse("admin:payments_paymentmethod_change", args=[row(method).pk])
    return sent(desk, address, opened(desk, address, until=until.isoformat()), fails=fails)


@pytest.mark.feature("F110")
def test_only_cards_from_a_day(desk):
    last = clock.today() + timedelta(days=30)
    for method in ("vipps", "invoice"):
        ended(desk, method, last)
    assert methods_on(last) == ["nexi", "vipps", "invoice"]
    assert methods_on(last + timedelta(days=1)) == ["nexi"]
    change = change_after(clock.today())
    assert (change.on, change.methods) == (last + timedelta(days=1), ["nexi"])
    assert Event.objects.filter(name="data:changed").count() == 2


def test_a_way_to_pay_is_taken_up_again_from_a_day(desk):
    today = clock.today()
    ended(desk, "invoice", today)
    values = {"method": "invoice", "since": (today + timedelta(days=5)).isoformat(), "source": "A"}
    sent(desk, reverse("admin:payments_paymentmethod_add"), values)
    offered = ["invoice" in methods_on(today + timedelta(days=days)) for days in (0, 1, 4, 5, 9)]
    assert offered == [True, False, False, True, True]


def test_what_is_past_stands(desk):
    yesterday = clock.today() - timedelta(days=1)
    assert "slutte før i dag" in ended(desk, "vipps", yesterday, fails=True)
    values = {"method": "vipps", "since": yesterday.isoformat(), "source": "A"}
    page = sent(desk, reverse("admin:payments_paymentmethod_add"), values, fails=True)
    assert "begynne før i dag" in page
    delete = reverse("admin:payments_paymentmethod_delete", args=[row("vipps").pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403


def test_there_is_always_a_way_to_pay(desk):
    last = clock.today() + timedelta(days=3)
    ended(desk, "vipps", last)
    ended(desk, "invoice", last)
    assert "ingen betale" in ended(desk, "nexi", last, fails=True)
    assert row("nexi").until is None


def test_a_change_that_is_far_away_is_not_announced_yet(desk):
    ended(desk, "vipps", clock.today() + timedelta(days=90))
    assert change_after(clock.today()) is None
