import base64
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from hmskort.accounts.id_porten.simulator import SESSIONS
from hmskort.accounts.models import OpenLogin
from hmskort.accounts.tasks import sweep
from hmskort.common import clock
from hmskort.simulators.store import Store

ISSUER = "http://localhost:8001/idporten"


def hidden(response, name):
    """The value of a hidden field of the page."""
    return str(response.content.decode().split(f'name="{name}" value="')[1].split('"')[0])


def front_channel(**said):
    """What ID-porten calls in a frame: without the visitor's cookies."""
    return Client().get(f"/logg-ut/frontkanal/?{urlencode(said)}")


def test_logging_out_ends_the_session_at_once(logged_in_as):
    kari = logged_in_as("Kari")
    kari.post("/logg-ut/")
    assert not kari.is_logged_in
    assert not OpenLogin.objects.exists()
    assert kari.get("/velg-virksomhet/").status_code == 302


def test_logging_out_goes_on_at_id_porten_and_comes_back(logged_in_as):
    kari = logged_in_as("Kari")
    page = kari.post("/logg-ut/")
    assert "no-store" in page["Cache-Control"]
    answer = kari.outside.post(
        f"{ISSUER}/logout",
        data={
            "id_token_hint": hidden(page, "id_token_hint"),
            "post_logout_redirect_uri": hidden(page, "post_logout_redirect_uri"),
        },
    )
    assert Store().all(SESSIONS) == []
    back = kari.back(answer.headers["Location"])
    assert back.status_code == 200
    assert "Du er logget ut" in back.content.decode()


def test_the_token_is_posted_and_never_stands_in_an_address(logged_in_as):
    page = logged_in_as("Kari").post("/logg-ut/").content.decode()
    assert f'<form method="post" action="{ISSUER}/logout" data-leaving>' in page
    assert "id_token_hint=" not in page


def test_who_logged_in_under_a_key_that_is_gone_can_still_log_out(logged_in_as, settings):
    kari = logged_in_as("Kari")
    settings.IDENTITY_KEYS = f"2:{base64.b64encode(bytes(32)).decode()}"
    assert kari.post("/logg-ut/")["Location"] == "/logg-ut/ferdig/"
    assert not kari.is_logged_in


def test_logging_out_twice_does_no_harm(logged_in_as):
    kari = logged_in_as("Kari")
    kari.post("/logg-ut/")
    assert kari.post("/logg-ut/")["Location"] == "/logg-ut/ferdig/"


def test_a_logout_elsewhere_ends_the_session_here(logged_in_as):
    kari, ola = logged_in_as("Kari"), logged_in_as("Ola")
    sid = OpenLogin.objects.get(session_key=kari.portal.session.session_key).sid
    assert front_channel(iss=ISSUER, sid=sid).status_code == 200
    assert kari.get("/velg-virksomhet/")["Location"].startswith("/logg-inn/")
    assert ola.get("/velg-virksomhet/").status_code == 200


def test_id_porten_may_show_the_front_channel_in_a_frame(db):
    response = front_channel(iss=ISSUER, sid="unknown")
    assert response.status_code == 200
    assert not response.has_header("X-Frame-Options")
    assert "frame-ancestors http://localhost:8001" in response["Content-Security-Policy"]


@pytest.mark.parametrize("said", [{"iss": "https://evil.example"}, {}])
def test_another_issuer_ends_nothing(logged_in_as, said):
    kari = logged_in_as("Kari")
    front_channel(**said, sid=OpenLogin.objects.get().sid)
    assert kari.get("/velg-virksomhet/").status_code == 200


def test_id_porten_itself_calls_the_front_channel(logged_in_as):
    kari = logged_in_as("Kari")
    ((sid, _),) = Store().all(SESSIONS)
    page = kari.outside.post(f"{ISSUER}/sessions", data={"sid": sid}).text
    assert f"http://localhost:8000/logg-ut/frontkanal/?{urlencode({'iss': ISSUER})}" in page
    assert Store().all(SESSIONS) == []


def test_a_session_nobody_uses_is_over(logged_in_as, settings):
    kari = logged_in_as("Kari")
    later = clock.now() + timedelta(seconds=settings.SESSION_IDLE_S + 1)
    with time_machine.travel(later):
        assert kari.get("/velg-virksomhet/")["Location"].startswith("/logg-inn/")


def test_a_session_in_use_is_over_after_twelve_hours(logged_in_as, settings):
    kari = logged_in_as("Kari")
    start, step = clock.now(), timedelta(seconds=settings.SESSION_IDLE_S - 60)
    moments = [start + step * number for number in range(1, 13)]
    for moment in moments:
        with time_machine.travel(moment):
            assert kari.get("/velg-virksomhet/").status_code == 200, moment - start
    with time_machine.travel(start + timedelta(hours=12, minutes=1)):
        assert kari.get("/velg-virksomhet/")["Location"].startswith("/logg-inn/")
    assert not Session.objects.filter(expire_date__gt=clock.now() + timedelta(days=1)).exists()


def test_a_session_that_has_run_out_leaves_nothing_behind(logged_in_as):
    logged_in_as("Kari")
    later = clock.now() + timedelta(hours=13)
    sweep()
    assert Session.objects.count() == 1
    with time_machine.travel(later):
        sweep()
    assert not Session.objects.exists()
