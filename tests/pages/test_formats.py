from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from hmskort.common.templatetags.portal import (
    dato,
    dato_lang,
    icon,
    klokkeslett,
    kortnummer,
    kr,
    masked,
    orgnr,
    same_site,
    telefon,
    tidspunkt,
)

NBSP = "\N{NO-BREAK SPACE}"
NEARLY_MIDNIGHT = datetime(2026, 11, 20, 23, 42, tzinfo=UTC)  # 00.42 the day after, in Oslo


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_dates_money_and_numbers_are_written_alike_in_every_language(language):
    with translation.override(language):
        assert dato(date(2026, 1, 5)) == "05.01.2026"
        assert kr(13_125) == f"131,25{NBSP}kr"
        assert orgnr("940155223") == f"940{NBSP}155{NBSP}223"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("nb", "5. mai 2026"), ("nn", "5. mai 2026"), ("en", "5 May 2026")],
)
def test_the_month_in_a_sentence_is_in_the_readers_language(language, expected):
    with translation.override(language):
        assert dato_lang(date(2026, 5, 5)) == expected


def test_a_moment_is_shown_as_the_day_and_the_time_in_oslo():
    assert dato(NEARLY_MIDNIGHT) == "21.11.2026"
    assert klokkeslett(NEARLY_MIDNIGHT) == "kl. 00.42"
    assert tidspunkt(NEARLY_MIDNIGHT) == "21.11.2026 kl. 00.42"


@pytest.mark.parametrize(
    ("ore", "expected"),
    [
        (0, "0,00 kr"),
        (5, "0,05 kr"),
        (10_400, "104,00 kr"),
        (1_234_567_89, "1 234 567,89 kr"),
        (-13_000, "−130,00 kr"),
    ],
)
def test_money_is_whole_ore_with_thousands_apart_and_a_true_minus(ore, expected):
    assert kr(ore) == expected.replace(" ", NBSP)


def test_nothing_is_written_for_what_is_not_there():
    assert [write(None) for write in (dato, dato_lang, klokkeslett, kr, orgnr, masked)] == [""] * 6


@pytest.mark.parametrize(
    ("write", "value", "expected"),
    [
        (orgnr, "940 155 223", "940 155 223"),
        (orgnr, "12", "12"),
        (kortnummer, "47112083", "4711 2083"),
        (kortnummer, "4711208", "4711 208"),
        (telefon, "22222222", "22 22 22 22"),
        (telefon, "+4722222222", "22 22 22 22"),
        (telefon, "80022222", "800 22 222"),
        (telefon, "+37061234567", "+37061234567"),
    ],
)
def test_numbers_are_grouped_as_norwegians_read_them(write, value, expected):
    assert write(value) == expected.replace(" ", NBSP)


def test_an_identity_number_never_shows_its_last_five_digits():
    shown = masked("02813299920")
    assert shown == f"028132{NBSP}•••••"
    assert "99920" not in shown


def test_an_icon_is_hidden_from_screen_readers_unless_it_carries_a_title():
    assert 'aria-hidden="true"' in icon("camera")
    assert 'aria-label="Gyldig"' in icon("checkmark-circle-fill", "Gyldig")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://testserver/bestillinger/", "http://testserver/bestillinger/"),
        ("https://elsewhere.example/", "/"),
        (None, "/"),
    ],
)
def test_a_link_back_leads_only_to_this_site(rf, address, expected):
    assert same_site(address, rf.get("/")) == expected
