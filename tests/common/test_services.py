from datetime import timedelta

import httpx
import pytest

from hmskort.common import clock, services
from hmskort.common.services import Refused, Unavailable, Unreadable, http_client, read_json


def answer(**response):
    """What the service "x" answers, as its client gets it."""
    http = http_client("x", "https://x.example", timeout_s=1.0)
    http._transport._inner = httpx.MockTransport(lambda _: httpx.Response(**response))
    return http.get("/")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Refused),
        (401, Refused),
        (403, Refused),
        (406, Refused),
        (429, Unavailable),
        (500, Unavailable),
        (502, Unavailable),
        (503, Unavailable),
        (301, Unreadable),
        (100, Unreadable),
    ],
)
def test_every_status_is_sorted_by_what_to_do(status, error):
    with pytest.raises(error):
        read_json(answer(status_code=status, json={}))


@pytest.mark.parametrize("status", [200, 201, 404, 410])
def test_an_answer_that_a_contract_may_give_meaning_to_is_read(status):
    assert read_json(answer(status_code=status, json={"a": 1})) == {"a": 1}


@pytest.mark.parametrize(
    "kind", ["application/json", "application/vnd.brreg.enhet.v2+json;charset=UTF-8"]
)
def test_json_of_any_flavour_is_json(kind):
    assert read_json(answer(status_code=200, text="{}", headers={"Content-Type": kind})) == {}


def test_html_and_broken_json_are_unreadable():
    with pytest.raises(Unreadable, match="not JSON"):
        read_json(answer(status_code=200, html="<html></html>"))
    broken = answer(status_code=200, content=b"{\xff", headers={"Content-Type": "application/json"})
    with pytest.raises(Unreadable, match="broken"):
        read_json(broken)


def test_an_answer_that_cannot_be_unpacked_is_unreadable():
    with pytest.raises(Unreadable):
        answer(status_code=200, content=b"no gzip", headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    ("value", "seconds"), [("", None), ("12", 12), ("soon", None), ("-1", None), ("1.5", None)]
)
def test_retry_after_is_a_number_of_seconds(value, seconds):
    with pytest.raises(Unavailable) as raised:
        read_json(answer(status_code=503, json={}, headers={"Retry-After": value}))
    assert raised.value.retry_after_s == seconds


def test_retry_after_may_be_a_moment(time_machine):
    time_machine.move_to("2026-11-20T12:00:00Z", tick=False)
    at = clock.now() + timedelta(seconds=90)
    header = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    with pytest.raises(Unavailable) as raised:
        read_json(answer(status_code=429, json={}, headers={"Retry-After": header}))
    assert raised.value.retry_after_s == pytest.approx(90)


def test_a_client_is_made_once_for_the_same_settings():
    config = {
        "client": "registers.enhetsregisteret.client.Client",
        "base_url": "https://x.example",
    }
    assert services.client_from(config) is services.client_from(dict(config))
    other = services.client_from({**config, "base_url": "https://y.example"})
    assert services.client_from(config) is not other


def test_the_http_library_writes_no_address_to_the_log(caplog):
    caplog.set_level("DEBUG")
    answer(status_code=200, json={})
    assert "x.example" not in caplog.text


@pytest.mark.parametrize(
    "value",
    [
        "86400000",  # milliseconds where seconds are meant
        "9" * 30,
        "9" * 5000,
        "Fri, 20 Nov 2099 12:00:00 GMT",
        "Fri, 20 Nov 99999999999999999999 12:00:00 GMT",
    ],
)
def test_no_service_can_put_us_off_for_longer_than_an_hour(value):
    with pytest.raises(Unavailable) as raised:
        read_json(answer(status_code=429, json={}, headers={"Retry-After": value}))
    assert raised.value.retry_after_s is None or raised.value.retry_after_s <= 3600
