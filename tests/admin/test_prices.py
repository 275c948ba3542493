"""Prices are added for a day to come, and stand."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from hmskort.audit.models import Event
from hmskort.common import clock
from orders.models import Price
from orders.prices import postage, price_of
from tests.admin.forms import price

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("typed", "ore"), [("129,50", 12_950), ("104", 10_400), ("0", 0)])
def test_a_price_is_written_in_kroner_and_holds_from_its_day(desk, typed, ore):
    tomorrow = clock.today() + timedelta(days=1)
    before = price_of("bygg", clock.today()).net_ore
    price(desk, "bygg", typed, since=tomorrow.isoformat())
    assert price_of("bygg", tomorrow).net_ore == ore
    assert price_of("bygg", clock.today()).net_ore == before
    assert Event.objects.get(name="data:added").data["net"]


def test_postage_is_a_price_too(desk):
    price(desk, "porto", "45")
    assert postage(clock.today()).net_ore == 4_500


@pytest.mark.parametrize(
    ("item", "kroner", "since", "said"),
    [
        ("bygg", "100", "2020-02-01", "kan ikke begynne før i dag"),
        ("bygg", "-1", "", "større enn eller lik 0"),
        ("bygg", "1,005", "", "desimaler"),
        ("kaffe", "10", "", "Velg et gyldig valg"),
    ],
)
def test_a_price_that_cannot_stand_is_not_stored(desk, item, kroner, since, said):
    count = Price.objects.count()
    assert said in price(desk, item, kroner, since=since or None, fails=True)
    assert Price.objects.count() == count


def test_a_price_that_has_begun_is_neither_changed_nor_deleted(desk):
    row = Price.objects.filter(item="bygg").first()
    address = reverse("admin:orders_price_change", args=[row.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"item": "bygg", "net": "1"}).status_code == 403
    delete = reverse("admin:orders_price_delete", args=[row.pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    with pytest.raises(DatabaseError), transaction.atomic():
        Price.objects.filter(pk=row.pk).update(net_ore=1)


def test_a_price_of_a_day_to_come_may_be_taken_out(desk):
    price(desk, "bygg", "1", since=(clock.today() + timedelta(days=9)).isoformat())
    row = Price.objects.filter(item="bygg").first()
    desk.post(reverse("admin:orders_price_delete", args=[row.pk]), {"post": "yes"})
    assert not Price.objects.filter(pk=row.pk).exists()
