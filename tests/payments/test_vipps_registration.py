"""The webhook at Vipps MobilePay is registered once, by a command."""

import io

import pytest
from django.core.management import CommandError, call_command

from hmskort.simulators.faults import set_fault
from hmskort.simulators.store import Store
from orders.management.commands.vipps_webhook import EVENTS
from orders.payments.vipps.simulator.webhooks import SECRET

pytestmark = pytest.mark.django_db
URL = "https://hmskort.example/betaling/webhook/vipps/"


@pytest.fixture(autouse=True)
def a_portal(settings):
    settings.BASE_URL = "https://hmskort.example"


def run(*given: str) -> str:
    out = io.StringIO()
    call_command("vipps_webhook", *given, stdout=out)
    return out.getvalue().strip()


def registered() -> list[dict]:
    return [row for _key, row in Store().all("vipps.registered")]


def elsewhere(url: str, events: list[str]) -> None:
    row = {"id": f"w{len(registered())}", "url": url, "events": events}
    Store().put("vipps.registered", row["id"], row)


def test_it_is_registered_once_and_its_secret_is_told_then():
    elsewhere("https://butikken.example/", list(EVENTS))
    assert run() == f"HMSKORT_VIPPS_WEBHOOK_SECRET={SECRET}"
    assert "is registered already" in run()
    (ours,) = [row for row in registered() if row["url"] == URL]
    assert set(ours["events"]) == set(EVENTS)
    assert len(registered()) == 2


def test_one_whose_secret_is_lost_is_replaced():
    run()
    (before,) = registered()
    assert SECRET in run("--again")
    (after,) = registered()
    assert after["id"] != before["id"]


def test_one_that_is_told_of_too_little_is_replaced():
    elsewhere(URL, list(EVENTS[:2]))
    assert SECRET in run()
    (after,) = registered()
    assert set(after["events"]) == set(EVENTS)


@pytest.mark.parametrize("fault", ["silent", "500", "garbage", "wrong_shape"])
def test_without_an_answer_nothing_is_said_to_be_registered(fault):
    set_fault("vipps", fault)
    with pytest.raises(CommandError, match="is not registered"):
        run()


class Told(io.StringIO):
    """What the command prints; Vipps falls silent when the secret has been told."""

    def write(self, text: str) -> int:
        if SECRET in text:
            set_fault("vipps", "500")
        return super().write(text)


def test_the_secret_is_told_though_an_older_one_cannot_be_removed():
    elsewhere(URL, list(EVENTS[:2]))
    out = Told()
    with pytest.raises(CommandError, match="older webhook is not removed"):
        call_command("vipps_webhook", stdout=out)
    assert SECRET in out.getvalue()
