"""What looks like an identity number is never shown whole."""

import pytest

from hmskort.common.masking import masked


@pytest.mark.parametrize("between", ["", " ", "-", ".", "\N{NO-BREAK SPACE}"])
def test_a_number_is_masked_however_it_is_parted(between):
    assert masked(f"/k/148579{between}49987/ finnes ikke") == "/k/148579•••••/ finnes ikke"


@pytest.mark.parametrize(
    "text",
    [
        "310 010 006",  # an organisation number
        "4711 2083",
        "+47 99 99 00 12",
        "2026-11-21T10:45:15.954792+00:00",
        "9bb29972-f7c0-4da7-9621-123456123456",
    ],
)
def test_other_numbers_are_left_as_they_are(text):
    assert masked(text) == text
