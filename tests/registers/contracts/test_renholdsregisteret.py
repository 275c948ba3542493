import time
from dataclasses import replace

import httpx
import pytest

from hmskort.common import clock
from hmskort.common.services import Unreadable
from hmskort.simulators import site, world
from registers import snapshots
from registers.clients import client
from registers.renholdsregisteret import parsing, simulator
from registers.renholdsregisteret.answers import APPROVED, MAY_ORDER, Status
from registers.renholdsregisteret.client import Client
from registers.snapshots import Shrunken, Version

OLDER, NEWER = "renhold.xml", "renhold_register.xml"
ORGNR = "923609016"


@pytest.fixture(params=[OLDER, NEWER])
def register(request, settings):
    """The client, reading each generation of the file in turn."""
    return Client(base_url=address(settings, request.param))


def address(settings, file):
    return settings.REGISTERS["renholdsregisteret"]["base_url"].replace(NEWER, file)


def file_of(*, status, file=NEWER, orgnr=ORGNR):
    if file == OLDER:
        return (
            "<ArrayOfRenholdsvirksomhet><Renholdsvirksomhet>"
            f"<Organisasjonsnummer>{orgnr}</Organisasjonsnummer><Navn>Reint</Navn>"
            f"<Status>{status}</Status></Renholdsvirksomhet></ArrayOfRenholdsvirksomhet>"
        ).encode()
    return (
        f"<R><Virksomhet><Hovedenhet><Organisasjonsnummer>{orgnr}</Organisasjonsnummer>"
        f"<Godkjenningsstatus>{status}</Godkjenningsstatus></Hovedenhet></Virksomhet></R>"
    ).encode()


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("cleaning", Status.APPROVED_WITH_EMPLOYEES),
        ("cleaning without employees", Status.APPROVED_WITHOUT_EMPLOYEES),
        ("cleaning under consideration", Status.UNDER_CONSIDERATION),
        ("cleaning told to order", Status.ORDERING_CARDS),
        ("cleaning not approved", Status.NOT_APPROVED),
    ],
)
def test_each_of_the_five_statuses_is_read_in_both_generations(register, case, status):
    by_orgnr = {row.orgnr: row for row in register.snapshot()}
    company = by_orgnr[world.company(case).orgnr]
    assert (company.status, company.name) == (status, world.company(case).name)


def test_sub_units_have_the_status_of_their_main_unit(register):
    company = world.company("cleaning")
    by_orgnr = {row.orgnr: row for row in register.snapshot()}
    for sub in company.subunits:
        assert by_orgnr[sub].main_orgnr == company.orgnr
        assert by_orgnr[sub].status == Status.APPROVED_WITH_EMPLOYEES


def test_a_company_that_is_not_in_the_register_has_no_row(register):
    assert world.company("cleaning not in the register").orgnr not in {
        row.orgnr for row in register.snapshot()
    }


def test_both_generations_tell_the_same(settings):
    older, newer = (Client(base_url=address(settings, file)) for file in (OLDER, NEWER))
    assert older.snapshot().rows == newer.snapshot().rows


def test_the_settings_lead_to_the_newer_file(settings):
    assert client("renholdsregisteret").snapshot().rows


def test_the_file_says_when_it_was_made(register):
    assert abs(register.snapshot().generated_at - clock.now()).total_seconds() < 3600


def test_the_same_file_is_not_sent_twice(register, store):
    first = register.snapshot()
    assert register.snapshot(first.version) is None
    orgnr = world.company("cleaning under consideration").orgnr
    with store.changing(simulator.COMPANIES, orgnr) as company:
        company["status"] = "Godkjent med ansatte"
    second = register.snapshot(first.version)
    assert second.version.etag != first.version.etag
    assert second.version.approved == first.version.approved + 2  # the company and its sub-unit


def test_a_file_without_etag_is_known_by_its_time(register):
    version = register.snapshot().version
    assert register.snapshot(replace(version, etag="")) is None


@pytest.mark.parametrize("text", ["GODKJENT MED ANSATTE", " godkjent  med\nansatte "])
def test_texts_are_compared_in_any_case_and_spacing(text):
    assert parsing.status(text) == Status.APPROVED_WITH_EMPLOYEES


@pytest.mark.parametrize("text", ["", "Godkjent", "ja", "Godkjent med ansatte?", "Suspendert"])
def test_a_text_that_is_not_documented_is_neither_a_yes_nor_a_no(text):
    assert parsing.status(text) == Status.UNKNOWN
    assert Status.UNKNOWN not in MAY_ORDER


def test_a_company_told_to_order_cards_may_order_before_it_is_approved():
    assert Status.ORDERING_CARDS in MAY_ORDER - APPROVED
    assert Status.UNDER_CONSIDERATION not in MAY_ORDER


def test_a_company_without_a_status_is_unknown_beside_others(settings):
    file = file_of(status="Ikke godkjent").replace(
        b"<R>",
        b"<R><Virksomhet><Hovedenhet><Organisasjonsnummer>974761076</Organisasjonsnummer>"
        b"</Hovedenhet></Virksomhet>",
    )
    assert {row.orgnr: row.status for row in parsing.companies(file)} == {
        "974761076": Status.UNKNOWN,
        ORGNR: Status.NOT_APPROVED,
    }


def test_a_unit_told_of_in_two_ways_is_unknown():
    both = file_of(status="Godkjent med ansatte")[:-4] + file_of(status="Ikke godkjent")[3:]
    other = file_of(status="Ikke godkjent", orgnr="974761076")
    rows = parsing.companies(both[:-4] + other[3:])
    assert {row.orgnr: row.status for row in rows}[ORGNR] == Status.UNKNOWN


def test_namespaces_do_not_matter():
    file = file_of(status="Godkjent uten ansatte").replace(
        b"<R>", b'<R xmlns="urn:x:RegisterXML6">'
    )
    assert [row.status for row in parsing.companies(file)] == [Status.APPROVED_WITHOUT_EMPLOYEES]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{}",
        b"<html><body>Vedlikehold</body></html>",
        b"<ArrayOfRenholdsvirksomhet></ArrayOfRenholdsvirksomhet>",
        file_of(status="noe nytt"),  # not one status that is documented
        file_of(status="Godkjent med ansatte", orgnr="123"),
        file_of(status="Godkjent med ansatte", file=OLDER, orgnr=""),
        b"<R><Virksomhet></Virksomhet></R>",
        b'<!DOCTYPE r [<!ENTITY a "aaaa">]>' + file_of(status="Godkjent med ansatte"),
        "<R>æ</R>".encode("latin-1"),
    ],
)
def test_what_is_not_the_register_is_unreadable(broken):
    with pytest.raises(Unreadable):
        parsing.companies(broken)


def test_a_file_that_ends_too_early_is_not_kept_in_part(settings):
    whole = httpx.Client(transport=site.transport()).get(address(settings, NEWER)).content
    for share in (0.3, 0.6, 0.9, 0.999):
        with pytest.raises(Unreadable):
            parsing.companies(whole[: int(len(whole) * share)])


def test_a_file_that_shrank_is_refused_until_somebody_says_it_is_right(register, store):
    before = register.snapshot().version
    for orgnr, _ in store.all(simulator.COMPANIES)[-30:]:
        store.delete(simulator.COMPANIES, orgnr)
    with pytest.raises(Shrunken):
        register.snapshot(before)
    assert register.snapshot().version.rows < before.rows


def test_approvals_that_vanish_at_once_are_refused(register, store):
    before = register.snapshot().version
    for orgnr, company in store.all(simulator.COMPANIES):
        store.put(simulator.COMPANIES, orgnr, {**company, "status": "Ikke godkjent"})
    with pytest.raises(Shrunken):
        register.snapshot(before)


@pytest.mark.parametrize(
    ("rows", "now", "refused"),
    [
        (100, 100, False),
        (100, 130, False),
        (100, 80, False),
        (100, 79, True),
        (100, 0, True),
        (12, 2, False),  # a small register may lose ten
        (12, 1, True),
    ],
)
def test_a_fifth_may_go_and_no_more(rows, now, refused):
    before = Version("a", "", rows=rows, approved=5)
    after = Version("b", "", rows=now, approved=5)
    if refused:
        with pytest.raises(Shrunken):
            snapshots.refuse_if_shrunken("x", before, after)
    else:
        snapshots.refuse_if_shrunken("x", before, after)


def test_a_full_sized_file_is_read_in_one_pass_of_seconds():
    filling = "<Adresse><Poststed>OSLO</Poststed></Adresse>" * 60
    one = file_of(status="Godkjent med ansatte")[3:-4].replace(b"</Hov", f"{filling}</Hov".encode())
    numbers = valid_numbers(7_800)
    file = (
        b"<R>" + b"".join(one.replace(ORGNR.encode(), each.encode()) for each in numbers) + b"</R>"
    )
    assert len(file) > 20_000_000
    began = time.perf_counter()
    assert len(parsing.companies(file)) == 7_800
    assert time.perf_counter() - began < 30


def valid_numbers(many):
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    found, stem = [], 80_000_000
    while len(found) < many:
        check = -sum(w * int(d) for w, d in zip(weights, str(stem), strict=True)) % 11
        if check < 10:
            found.append(f"{stem}{check}")
        stem += 1
    return found


def test_a_missing_file_is_not_an_empty_register(settings):
    with pytest.raises(Unreadable):
        Client(base_url=address(settings, "finnes_ikke.xml")).snapshot()
