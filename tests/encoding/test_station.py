"""A station as a process of its own, against a real portal's API and a real (virtual) reader."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from encoding import decode, jwks, keystore
from encoding.content import Kind
from encoding.readers.card import Tear, TearMode, blank
from encoding.readers.virtual import VirtualReader
from tests.encoding.a_portal import TOKEN, APortal
from tests.encoding.builders import UID, a_card, build_content

ROOT = Path(__file__).parents[2]


@pytest.fixture
def key_set(keys_directory):
    return keystore.public_keys(keys_directory)


@pytest.fixture
def portal(key_set):
    with APortal(key_set) as portal:
        yield portal


@pytest.fixture
def station(tmp_path, keys_directory, portal):
    """Starts `python3 -m encoding station`; what a test leaves running is ended."""
    (tmp_path / "token").write_text(TOKEN + "\n")
    running = []

    def start(*arguments, reader="virtual"):
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "encoding", "station", "--name", "bench-1"),
                *("--portal", portal.url, "--token-file", str(tmp_path / "token")),
                *("--reader", reader, "--cards", str(tmp_path / "cards")),
                *("--journal", str(tmp_path / "journal.sqlite3")),
                *arguments,
            ],
            cwd=ROOT,
            env={**os.environ, "HMSKORT_CHIP_KEYS": str(keys_directory)},
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)
        process.stderr.close()


def ended(process):
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def decoded(file, key_set):
    return decode.decode(file.read_bytes(), jwks.parse(key_set)).content


@pytest.mark.parametrize("kind", list(Kind))
def test_a_job_becomes_a_card_and_a_report_that_the_portal_believes(
    station, portal, tmp_path, key_set, kind
):
    content = build_content(kind=kind)
    job = portal.wants(content)
    assert ended(station("--once"))[0] == 0
    assert portal.jobs[job]["state"] == "done"
    assert [act for act, _ in portal.heard] == ["claim", "started", "done"]
    assert decoded(tmp_path / "cards" / "10000004.mfd", key_set) == content


def test_jobs_are_done_one_after_another_each_on_a_fresh_card(station, portal, tmp_path):
    enough = threading.Event()
    jobs = [portal.wants(build_content(card_number=f"1000000{n}")) for n in range(3)]
    portal.before = lambda _: enough.set() if all_done(portal) else None
    process = station()
    assert enough.wait(60)
    process.terminate()
    assert ended(process)[0] == 0
    assert len({portal.jobs[job]["uid"] for job in jobs}) == 3
    names = sorted(file.name for file in (tmp_path / "cards").iterdir())
    assert names == ["10000000.mfd", "10000001.mfd", "10000002.mfd"]


def all_done(portal):
    return all(known["state"] == "done" for known in portal.jobs.values())


def test_nothing_waiting_is_nothing_done(station, portal):
    assert ended(station("--once"))[0] == 0
    assert [act for act, _ in portal.heard] == ["claim"]


@pytest.mark.parametrize("act", ["claim", "started", "done"])
def test_a_portal_that_fails_is_asked_again(station, portal, act):
    job = portal.wants(build_content())
    failures = iter([503])
    portal.before = lambda now: next(failures, None) if now == act else None
    assert ended(station("--once"))[0] == 0
    assert portal.jobs[job]["state"] == "done"
    assert [now for now, _ in portal.heard].count(act) == 2


def test_a_refused_token_ends_the_station_with_one_line(station, portal, tmp_path):
    (tmp_path / "token").write_text("stolen")
    code, said = ended(station())
    assert code == 1
    assert "refuses this station's token" in said.strip().splitlines()[-1]


def test_a_station_sends_nothing_to_a_portal_by_a_plain_address(station):
    code, said = ended(station("--once", "--portal", "http://portal.example"))
    assert code == 1
    assert "not an https address" in said.strip().splitlines()[-1]


@pytest.mark.parametrize("act", ["started", "done"])
def test_a_station_killed_while_it_tells_the_portal_goes_on_with_the_same_card(
    station, portal, tmp_path, key_set, act
):
    job = portal.wants(build_content())
    victims = []

    def kill(now):
        if now == act and victims:
            os.kill(victims.pop().pid, signal.SIGKILL)

    portal.before = kill
    process = station("--once")
    victims.append(process)
    assert ended(process)[0] == -signal.SIGKILL
    assert ended(station("--once"))[0] == 0
    assert portal.jobs[job]["state"] == "done"
    assert len({body["uid"] for now, body in portal.heard if now != "claim"}) == 1
    assert [file.name for file in (tmp_path / "cards").iterdir()] == ["10000004.mfd"]
    assert decoded(tmp_path / "cards" / "10000004.mfd", key_set) == build_content()


@pytest.mark.parametrize("at", [1, 2, 9, 20, 34, 35])
def test_a_station_killed_during_a_write_goes_on_with_the_same_card(station, portal, key_set, at):
    job = portal.wants(build_content())
    victims, writes = [], []

    def kept(block, content):
        writes.append(block)
        if len(writes) == at:
            process = victims.pop()
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    card = a_card(kept=kept)
    with VirtualReader(card) as virtual:
        victims.append(station("--once", reader=virtual.path))
        process = victims[0]
        assert ended(process)[0] == -signal.SIGKILL
        assert len(writes) == at
        assert portal.jobs[job]["state"] == "started"
        assert virtual.chip.baud == 921600, "the chip was left at the dead host's speed"
        assert ended(station("--once", reader=virtual.path))[0] == 0
    assert portal.jobs[job]["state"] == "done"
    assert portal.jobs[job]["uid"] == UID.hex()
    assert decode.decode(bytes(card.memory), jwks.parse(key_set)).content == build_content()


def test_an_interrupted_job_never_goes_on_with_another_card(station, portal):
    job = portal.wants(build_content())
    first, other = a_card(), a_card(bytes.fromhex("2F000001"))
    first.tear = Tear(12, TearMode.OLD)
    untouched = bytes(other.memory)
    with VirtualReader(first) as virtual:
        process = station("--once", reader=virtual.path)
        seen = read_until(process, "lay the card back")
        virtual.lay(other)
        read_until(process, "lay card 1f02a3b4")
        os.kill(process.pid, signal.SIGKILL)
        ended(process)
        process = station("--once", reader=virtual.path)
        read_until(process, "lay card 1f02a3b4")
        first.tear = None
        virtual.lay(first)
        assert ended(process)[0] == 0
    assert seen
    assert bytes(other.memory) == untouched
    assert portal.jobs[job]["uid"] == UID.hex()


def test_a_pulled_card_is_waited_for_and_finished(station, portal, key_set):
    job = portal.wants(build_content())
    card = a_card()
    card.tear = Tear(22, TearMode.ZEROS)
    with VirtualReader(card) as virtual:
        process = station("--once", reader=virtual.path)
        read_until(process, "lay the card back")
        assert portal.jobs[job]["state"] == "started"
        card.tear = None
        virtual.lay(card)
        assert ended(process)[0] == 0
    assert decode.decode(bytes(card.memory), jwks.parse(key_set)).content == build_content()
    assert portal.jobs[job]["state"] == "done"


def test_a_dead_card_is_scrapped_and_the_job_goes_on_with_a_new_one(station, portal, key_set):
    job = portal.wants(build_content())
    dead, good = a_card(), a_card(bytes.fromhex("2F000001"))
    dead.memory[67 * 16 + 6 : 67 * 16 + 9] = bytes(3)
    with VirtualReader(dead) as virtual:
        process = station("--once", reader=virtual.path)
        read_until(process, "is waste")
        virtual.lay(good)
        assert ended(process)[0] == 0
    assert [act for act, _ in portal.heard] == ["claim", "started", "scrapped", "started", "done"]
    assert portal.jobs[job]["uid"] == "2f000001"


def test_a_finished_card_left_on_the_reader_is_not_taken_for_the_next_job(station, portal, key_set):
    first, second = (portal.wants(build_content(card_number=f"1000000{n}")) for n in range(2))
    card, fresh = a_card(), a_card(bytes.fromhex("2F000001"))
    with VirtualReader(card) as virtual:
        assert ended(station("--once", reader=virtual.path))[0] == 0
        written = bytes(card.memory)
        process = station("--once", reader=virtual.path)
        read_until(process, "lay a blank card")
        virtual.lay(fresh)
        assert ended(process)[0] == 0
    assert bytes(card.memory) == written
    assert (portal.jobs[first]["uid"], portal.jobs[second]["uid"]) == (UID.hex(), "2f000001")


def test_a_job_that_a_person_freed_goes_on_another_card(station, portal, tmp_path, key_set):
    """The half-written card was thrown away, and the station was not there to hear of it."""
    job = portal.wants(build_content())
    lost, fresh = a_card(), a_card(bytes.fromhex("2F000001"))
    lost.tear = Tear(12, TearMode.OLD)
    with VirtualReader(lost) as virtual:
        process = station("--once", reader=virtual.path)
        read_until(process, "lay the card back")
        os.kill(process.pid, signal.SIGKILL)
        ended(process)
        portal.free(portal.jobs[job])
        virtual.lay(fresh)
        assert ended(station("--once", reader=virtual.path))[0] == 0
    assert portal.jobs[job]["uid"] == "2f000001"
    assert decode.decode(bytes(fresh.memory), jwks.parse(key_set)).content == build_content()


def test_a_finished_card_whose_job_was_freed_before_it_was_told_is_waste(station, portal, tmp_path):
    job = portal.wants(build_content())
    portal.before = lambda act: portal.free(portal.jobs[job]) if act == "done" else None
    assert ended(station("--once"))[0] == 1
    portal.before = lambda _: None
    assert ended(station("--once"))[0] == 0
    first, second = (body["uid"] for act, body in portal.heard if act == "started")
    assert first != second
    assert portal.jobs[job]["uid"] == second
    assert [file.name for file in (tmp_path / "cards").iterdir()] == ["10000004.mfd"]


def test_a_station_that_waits_for_a_lost_card_hears_that_the_job_was_freed(station, portal):
    job = portal.wants(build_content())
    lost, fresh = a_card(), a_card(bytes.fromhex("2F000001"))
    lost.tear = Tear(12, TearMode.OLD)
    with VirtualReader(lost) as virtual:
        process = station(reader=virtual.path)
        read_until(process, "lay the card back")
        portal.free(portal.jobs[job])
        virtual.lay(fresh)
        read_until(process, "done on card 2f000001")
    assert portal.jobs[job]["uid"] == "2f000001"


def test_a_card_started_by_another_station_is_left_alone(station, portal):
    job = portal.wants(build_content())
    portal.jobs[job] |= {"state": "started", "uid": "3f000009"}
    card = a_card()
    with VirtualReader(card) as virtual:
        code, said = ended(station("--once", reader=virtual.path))
    assert (code, "other_chip" in said) == (1, True)
    assert bytes(card.memory) == blank(UID)


def test_a_new_generation_rewrites_the_card(station, portal, key_set):
    portal.wants(build_content())
    card = a_card()
    with VirtualReader(card) as virtual:
        assert ended(station("--once", reader=virtual.path))[0] == 0
        portal.wants(build_content(generation=2, org_name="Nytt Navn AS"))
        assert ended(station("--once", reader=virtual.path))[0] == 0
    found = decode.decode(bytes(card.memory), jwks.parse(key_set)).content
    assert (found.generation, found.org_name) == (2, "Nytt Navn AS")


def test_a_virtual_reader_that_dies_is_replaced_and_its_card_goes_on(station, portal, key_set):
    job = portal.wants(build_content())
    done, victims = threading.Event(), []

    def kill_reader(act):
        if act == "started" and victims:
            process = victims.pop()
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
            for child in children.split():
                os.kill(int(child), signal.SIGKILL)
        if act == "done":
            done.set()

    portal.before = kill_reader
    process = station()
    victims.append(process)
    assert done.wait(60)
    process.terminate()
    assert ended(process)[0] == 0
    assert portal.jobs[job]["state"] == "done"
    assert len({body["uid"] for act, body in portal.heard if act != "claim"}) == 1


def test_waiting_for_the_portal_uses_up_no_cards(station, portal, tmp_path):
    job = portal.wants(build_content())
    portal.jobs[job] |= {"state": "started", "uid": "3f000009"}
    thrice, claims = threading.Event(), []

    def count(act):
        if act == "claim":
            claims.append(act)
        if len(claims) == 3:
            thrice.set()

    portal.before = count
    process = station()
    assert thrice.wait(60)
    process.terminate()
    ended(process)
    assert len(list((tmp_path / "cards").iterdir())) == 1


def read_until(process, words):
    """The line of the station's log that holds the words."""
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"the station ended without saying {words!r}")


def test_no_name_and_no_key_is_in_log_or_journal(station, portal, tmp_path, keys_directory):
    portal.wants(build_content())
    code, said = ended(station("--once"))
    journal = (tmp_path / "journal.sqlite3").read_bytes()
    assert code == 0
    for name in ("Nordmann", "Ærlig", "19850228", "1985-02-28"):
        assert name not in said
        assert name.encode() not in journal
    for secret in ("read-master", "write-master"):
        assert (keys_directory / secret).read_text().strip() not in said
