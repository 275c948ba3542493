"""KID: both checks, by table."""

import pytest

from orders.invoicing import kid


@pytest.mark.feature("F109")
@pytest.mark.parametrize(
    ("digits", "check", "whole"),
    [
        ("1234567", "mod10", "12345674"),
        ("00010001", "mod10", "000100016"),
        ("0", "mod10", "00"),
        ("7992739871", "mod10", "79927398713"),
        ("1234567", "mod11", "12345674"),
        ("8601111794", "mod11", "86011117947"),
        ("97476067", "mod11", "974760673"),
        ("0", "mod11", "00"),
        ("16", "mod11", "167"),
        ("8", "mod11", "86"),
        ("6", "mod11", "6-"),
    ],
)
def test_the_last_sign_checks_the_others(digits, check, whole):
    assert kid.with_check(digits, check) == whole
    assert kid.is_valid(whole, check)


@pytest.mark.parametrize("check", ["mod10", "mod11"])
def test_one_wrong_digit_or_two_that_changed_places_are_found(check):
    right = kid.with_check("00010001", check)
    for place, digit in enumerate(right):
        for other in "0123456789":
            wrong = right[:place] + other + right[place + 1 :]
            assert kid.is_valid(wrong, check) is (other == digit)
    assert not kid.is_valid(right[:3] + right[4] + right[3] + right[5:], check)


@pytest.mark.parametrize("text", ["", "-", "12a4", "½", "1" * 25])
def test_what_is_no_number_has_no_check(text):
    with pytest.raises(ValueError, match="KID"):
        kid.with_check(text)
    assert not kid.is_valid(text)
