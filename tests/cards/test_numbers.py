import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.numbers import Form, compact, form_of, new_number

NBSP = "\N{NO-BREAK SPACE}"


def test_a_new_number_has_eight_digits_and_catches_typing_errors():
    for _ in range(500):
        number = new_number()
        assert len(number) == 8
        assert form_of(number) is Form.OWN


def test_a_new_number_begins_neither_with_zero_nor_as_a_year():
    beginnings = {new_number()[:2] for _ in range(3000)}
    assert not {"19", "20"} & beginnings
    assert not any(start.startswith("0") for start in beginnings)


@given(st.integers(0, 7), st.sampled_from("0123456789"))
def test_any_one_wrong_digit_is_caught(place, digit):
    number = new_number()
    wrong = number[:place] + digit + number[place + 1 :]
    assert wrong == number or form_of(compact(wrong)) is not Form.OWN


@given(st.integers(0, 6))
def test_two_neighbours_changed_about_are_caught(place):
    number = new_number()
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or form_of(compact(swapped)) is not Form.OWN


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("47112083", "47112083"),
        ("4711 2083", "47112083"),
        (f" 4711{NBSP}2083 ", "47112083"),
        ("4711-2083", "47112083"),
        ("47 11.20–83", "47112083"),
        ("4711208", "4711208"),  # an imported number
        ("04711208", "4711208"),  # written in a field of eight
        ("004711208", "4711208"),
        ("471120", "0471120"),  # a spreadsheet lost the zero
        ("0471120", "0471120"),
        ("bcdf 2345", "BCDF2345"),  # an order's reference
        ("", ""),
    ],
)
def test_a_number_is_understood_however_it_is_written(typed, stored):
    assert compact(typed) == stored


@pytest.mark.parametrize("text", ["123", "123456789", "4711x", "٤٧١١٢٠٨٣", "BCDF2345"])
def test_what_is_no_number_is_called_so(text):
    assert form_of(compact(text)) is Form.NEITHER


def test_an_imported_number_has_no_check_digit_to_fail():
    assert form_of("4711208") is Form.IMPORTED
