import base64
from datetime import timedelta
from pathlib import Path

import pytest

from cards.models import Card
from cards.production import actions
from cards.production.models import ChipJob
from cards.production.tasks import sweep
from cards.public_check.queries import check
from hmskort.audit.models import Event
from hmskort.common import clock
from tests.builders import rest
from tests.cards.builders import issued

pytestmark = pytest.mark.django_db


def test_a_job_says_what_the_chip_and_the_stripe_shall_hold(ready, north):
    card = issued()
    ready(card)
    job = north.job()
    assert job["content"] == {
        "kind": "construction",
        "card_number": card.number,
        "given_names": "Nora",
        "surname": "Tømmerås",
        "birth_date": "1995-08-23",
        "sex": "K",
        "orgnr": card.orgnr,
        "org_name": card.company_name,
        "issued_on": card.issued_on.isoformat(),
        "expires_on": card.expires_on.isoformat(),
    }
    assert (job["profile"], job["generation"]) == ("reference-1", 1)


def test_there_is_no_job_before_the_print_files_are_made(north):
    issued()
    rest()
    assert north.claim().status_code == 204


def test_a_station_that_asks_again_gets_the_job_it_has(ready, north):
    ready(issued(), issued("also employed"))
    first = north.job()
    assert north.job() == first
    north.start(first, bytes.fromhex("04A1B2C3"))
    assert north.job() == first | {"uid": "04a1b2c3"}


def test_two_stations_never_have_the_same_job(ready, north, south):
    ready(issued(), issued("also employed"))
    assert north.job()["id"] != south.job()["id"]
    assert Event.objects.filter(name="chip:claimed").count() == 2


def test_with_no_job_left_the_second_station_waits(ready, north, south):
    ready(issued())
    north.job()
    assert south.claim().status_code == 204


def test_a_card_is_produced_and_valid_only_when_the_chip_was_read_back(ready, north, uid):
    card = issued()
    ready(card)
    job = north.job()
    plan = north.start(job, uid)
    rest()
    assert check(card.number).status == "under_order"
    assert north.finish(job, plan).status_code == 200
    rest()
    assert check(card.number).status == "valid"
    assert Card.objects.get(pk=card.pk).state == "produced"


def test_every_report_may_come_twice(ready, north, uid):
    card = issued()
    ready(card)
    job = north.job()
    plan = north.start(job, uid)
    north.start(job, uid)
    assert north.started.status_code == 200
    assert [north.finish(job, plan).status_code for _ in range(3)] == [200, 200, 200]
    rest()
    names = ["chip:started", "chip:done", "card:produced"]
    assert [Event.objects.filter(name=name).count() for name in names] == [1, 1, 1]


def test_a_chip_that_breaks_is_scrapped_and_the_job_goes_on_with_another(ready, north, uid):
    ready(issued())
    job = north.job()
    north.start(job, uid)
    told = {"uid": uid.hex(), "reason": "sector 7 is dead"}
    assert [north.post(f"{job['id']}/scrapped", told).status_code for _ in range(2)] == [200, 200]
    assert north.job()["id"] == job["id"]
    assert north.make(job, bytes.fromhex("04FFEEDD")).status_code == 200
    scrapped = Event.objects.get(name="chip:scrapped")
    assert scrapped.data == {"uid": uid.hex(), "reason": "sector 7 is dead"}


def test_a_job_that_is_on_one_chip_is_not_started_on_another(ready, north, uid):
    ready(issued())
    job = north.job()
    north.start(job, uid)
    north.start(job, bytes.fromhex("04FFEEDD"))
    assert north.started.status_code == 409
    assert north.started.json()["code"] == "other_chip"


@pytest.mark.parametrize("act", ["started", "done", "scrapped"])
def test_a_station_cannot_speak_for_the_job_of_another(ready, north, south, uid, act):
    card = issued()
    ready(card)
    job = north.job()
    plan = north.start(job, uid)
    said = {
        "started": lambda: south.post(
            f"{job['id']}/started", {"uid": uid.hex(), "plan": plan.digest()}
        ),
        "done": lambda: south.finish(job, plan),
        "scrapped": lambda: south.post(f"{job['id']}/scrapped", {"uid": uid.hex(), "reason": ""}),
    }[act]()
    assert (said.status_code, said.json()["code"]) == (409, "not_yours")
    assert north.finish(job, plan).status_code == 200


def test_a_station_that_never_began_loses_the_job(ready, north, south, uid, time_machine):
    ready(issued())
    job = north.job()
    time_machine.move_to(clock.now() + timedelta(minutes=16), tick=False)
    sweep()
    assert south.job()["id"] == job["id"]
    north.start(job, uid)
    assert (north.started.status_code, north.started.json()["code"]) == (409, "not_yours")


def test_a_station_that_began_keeps_the_job(ready, north, south, uid, time_machine):
    ready(issued())
    job = north.job()
    north.start(job, uid)
    time_machine.move_to(clock.now() + timedelta(days=1), tick=False)
    sweep()
    assert south.claim().status_code == 204
    assert north.job()["id"] == job["id"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signature": base64.b64encode(bytes(64)).decode()}, "signature"),
        ({"personal_digest": "00" * 32}, "signature"),
        ({"image_digest": "00" * 32}, "other_chip"),
        ({"key_id": "00" * 8}, "signature"),
        ({"public_record": "not base64"}, "malformed"),
    ],
)
def test_a_report_that_does_not_hold_is_not_believed(ready, north, uid, change, code):
    card = issued()
    ready(card)
    job = north.job()
    said = north.finish(job, north.start(job, uid), **change)
    assert (said.status_code, said.json()["code"]) == (409, code)
    rest()
    assert check(card.number).status == "under_order"


def test_a_report_for_another_card_is_not_believed(ready, north, south, uid):
    ready(issued(), issued("also employed"))
    mine, other = north.job(), south.job()
    plan = south.start(other, uid)
    north.start(mine, uid)
    said = north.finish(mine, plan)
    assert (said.status_code, said.json()["code"]) == (409, "content")


def test_a_station_waits_while_the_keys_cannot_be_read(ready, north, uid, settings):
    ready(issued())
    job = north.job()
    plan = north.start(job, uid)
    settings.CHIP_PUBLIC_KEYS = "/nowhere.json"
    assert north.finish(job, plan).status_code == 503


@pytest.mark.parametrize("token", ["", "wrong", "token-of-nort", "token-of-north,"])
def test_without_a_stations_token_nothing_is_answered(ready, north, token):
    ready(issued())
    north.token = token
    assert north.claim().status_code == 401
    assert ChipJob.objects.get().state == "ready"


def test_a_station_cannot_claim_in_anothers_name(north):
    assert north.post("claim", {"station": "south"}).status_code == 403


def test_with_no_tokens_configured_no_station_is_let_in(north, settings):
    settings.STATION_TOKENS = ""
    north.token = ""
    assert north.claim().status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("claim", "no json"),
        ("claim", "[]"),
        ("00000000-0000-0000-0000-000000000007/started", {"uid": "zz", "plan": "00" * 32}),
        ("00000000-0000-0000-0000-000000000007/started", {"uid": "04a1b2c3"}),
    ],
)
def test_a_body_that_cannot_be_read_is_400(north, path, body):
    assert north.post(path, body).status_code == 400


def test_a_job_that_does_not_exist_is_409(north):
    said = north.post(
        "00000000-0000-0000-0000-000000000007/scrapped", {"uid": "04a1b2c3", "reason": ""}
    )
    assert (said.status_code, said.json()["code"]) == (409, "unknown")


def test_a_card_that_was_replaced_before_it_was_made_is_not_handed_out(ready, north):
    old = issued()
    new = issued()
    ready(old, new)
    assert north.job()["content"]["card_number"] == new.number
    assert ChipJob.objects.filter(card=old, state__in=["ready", "claimed"]).count() == 0


def test_the_public_keys_are_published(client, settings):
    answer = client.get("/.well-known/hms-kort-keys.json")
    assert answer["Content-Type"] == "application/jwk-set+json"
    assert answer.content.decode().replace(" ", "") == (
        Path(settings.CHIP_PUBLIC_KEYS).read_text().replace(" ", "")
    )


def test_no_identity_number_is_in_a_job(ready, north):
    card = issued()
    ready(card)
    assert card.person.national_id not in north.claim().content.decode()


def test_a_station_has_time_to_begin_on_another_chip(ready, north, south, uid, time_machine):
    ready(issued())
    job = north.job()
    north.start(job, uid)
    time_machine.move_to(clock.now() + timedelta(hours=1), tick=False)
    north.post(f"{job['id']}/scrapped", {"uid": uid.hex(), "reason": "sector 7 is dead"})
    sweep()
    assert south.claim().status_code == 204
    assert north.make(job, bytes.fromhex("04FFEEDD")).status_code == 200


def test_a_card_blocked_while_its_chip_broke_is_not_made_on_another(ready, north, uid):
    card = issued()
    ready(card)
    job = north.job()
    north.start(job, uid)
    issued()  # takes the place of the first
    rest()
    assert ChipJob.objects.get(card=card).state == "started"
    told = {"uid": uid.hex(), "reason": "sector 7 is dead"}
    assert north.post(f"{job['id']}/scrapped", told).status_code == 200
    assert ChipJob.objects.get(card=card).state == "cancelled"
    assert north.claim().status_code == 204


def test_a_card_blocked_before_it_was_planned_is_never_planned(db):
    card = issued()
    read_before = Card.objects.select_related("kind").get(pk=card.pk)
    issued()  # takes its place; nothing was delivered yet
    actions.cancel(card=Card.objects.get(pk=card.pk))
    actions.plan(card=read_before)
    assert not ChipJob.objects.filter(card=card).exists()


def test_a_claim_says_which_chip_the_job_is_on(ready, north, uid):
    ready(issued())
    job = north.job()
    assert job["uid"] == ""
    north.start(job, uid)
    assert north.job()["uid"] == uid.hex()
