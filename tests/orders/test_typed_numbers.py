"""How a pasted list of numbers is read, and what an error may show of it."""

import re

import pytest

from orders.people.typed_numbers import entries

ONE, TWO, BROKEN = "01819012345", "02829054321", "0181901234"


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        (ONE, [ONE]),
        ("018190 12345", [ONE]),
        ("01 81 90 123 45", [ONE]),
        ("018190-12345", [ONE]),
        ("01.81.90 12345", [ONE]),
        (f"{ONE}\n{TWO}", [ONE, TWO]),
        (f"{ONE}\r\n\r\n{TWO}\r\n", [ONE, TWO]),
        (f"{ONE},{TWO}", [ONE, TWO]),
        (f"{ONE}; {TWO};", [ONE, TWO]),
        (f"{ONE}\t{TWO}", [ONE, TWO]),
        ("018190\t12345", [ONE]),
        (f"{ONE} {TWO}", [ONE, TWO]),
        ("018190 12345 028290 54321", [ONE, TWO]),
        (f"018190 12345 {TWO}", [ONE, TWO]),
        (f"{ONE}{TWO}", [ONE + TWO]),  # nothing says where one ends: it is told, not guessed
        ("018190,12345", ["018190", "12345"]),
        (f"{BROKEN}\n{TWO}", [BROKEN, TWO]),
        ("Kari Nordmann", ["KariNordmann"]),
        (" ,; \t\n", []),
    ],
)
def test_numbers_are_parted_where_it_is_plain_where_one_ends(pasted, read):
    assert [entry.text.replace(" ", "") for entry in entries(pasted)] == read


def test_an_entry_knows_its_line_in_what_was_typed():
    assert [entry.line for entry in entries(f"\n{ONE} {TWO}\n\n{ONE}")] == [2, 2, 4]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (ONE, "018190 •••••"),
        (BROKEN, "018190 •••••"),
        (ONE + TWO, "018190 •••••"),
        ("12345", ""),
        ("Kari", ""),
    ],
)
def test_an_entry_shows_a_birth_date_at_most(typed, shown):
    assert entries(typed)[0].shown == shown
    assert not re.search(r"\d{7}", shown)
