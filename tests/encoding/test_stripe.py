from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoding import stripe
from encoding.errors import Unfit, Unreadable

EXPIRY = date(2028, 11, 21)


def test_the_check_character_is_that_of_known_tracks():
    assert stripe.lrc("%N1234567^NORDMANN/OLA^2708?") == "?"


@pytest.mark.feature("F130")
def test_the_track_holds_name_and_card_number_and_validates():
    track = stripe.track1(
        card_number="10000004", surname="Bøe Nordmann", given_names="Kari", expires_on=EXPIRY
    )
    assert track[:-1] == "%N10000004^BOEE NORDMANN/KARI^2811?"
    assert len(track) <= stripe.LONGEST
    assert stripe.parse(track) == stripe.Track1("10000004", "BOEE NORDMANN", "KARI", "2811")


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Ærlig Østby Åsen", "AERLIG OESTBY AASEN"),
        ("Łukasz", "LUKASZ"),
        ("Žydrūnė", "ZYDRUNE"),
        ("Ștefan", "STEFAN"),
        ("Strauß", "STRAUSS"),
        ("Áŋŋel Đoković", "ANGNGEL DOKOVIC"),
        ("D’Arcy", "D'ARCY"),
        ("Anne-Marie", "ANNE-MARIE"),
        ("A\u030ase", "AASE"),
    ],
)
def test_letters_that_the_track_lacks_are_spelled_out(name, spelled):
    assert stripe.spelled(name) == spelled


def test_a_letter_that_cannot_be_spelled_is_an_error_never_a_guess():
    with pytest.raises(Unfit, match="Ж"):
        stripe.spelled("Жуков")


def test_sentinels_in_a_name_cannot_break_the_track():
    for name in ("A^B", "A?B", "A%B"):
        with pytest.raises(Unfit):
            stripe.spelled(name)


@given(
    st.text("ABCØÆÅłė '-", min_size=1, max_size=60).filter(lambda name: name.strip()),
    st.text("ABCØÆÅłė '-", max_size=60),
)
def test_any_name_gives_a_track_that_validates(surname, given_names):
    track = stripe.track1(
        card_number="12345678", surname=surname, given_names=given_names, expires_on=EXPIRY
    )
    assert len(track) <= stripe.LONGEST
    assert stripe.parse(track).card_number == "12345678"


@pytest.mark.parametrize("place", range(0, 30, 3))
def test_one_wrong_character_is_noticed(place):
    track = stripe.track1(
        card_number="10000004", surname="Nordmann", given_names="Ola", expires_on=EXPIRY
    )
    wrong = track[:place] + ("7" if track[place] != "7" else "8") + track[place + 1 :]
    with pytest.raises(Unreadable):
        stripe.parse(wrong)
