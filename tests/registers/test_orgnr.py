import pytest

from registers import orgnr
from registers.orgnr import NotNineDigits, WrongCheckDigit


@pytest.mark.parametrize(
    "text", ["936441114", " 936 441 114 ", "NO936441114MVA", "no 936 441 114 mva", "310010006"]
)
def test_what_people_type_for_a_number_is_taken(text):
    assert orgnr.validate(text) in ("936441114", "310010006")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", NotNineDigits),
        ("93644111", NotNineDigits),
        ("9364411144", NotNineDigits),
        ("93644111x", NotNineDigits),
        ("٩٣٦٤٤١١١٤", NotNineDigits),
        ("936441115", WrongCheckDigit),
        ("963441114", WrongCheckDigit),
    ],
)
def test_a_wrong_number_says_what_is_wrong(text, error):
    with pytest.raises(error) as raised:
        orgnr.validate(text)
    assert str(raised.value)
    assert not orgnr.is_valid(text)


def test_only_the_bare_number_is_valid_as_it_stands():
    assert orgnr.is_valid("936441114")
    assert not orgnr.is_valid("936 441 114")


def test_a_number_is_shown_in_groups_that_do_not_break():
    assert orgnr.formatted("936441114") == "936\xa0441\xa0114"
