import pytest

from hmskort.local import translations


@pytest.mark.parametrize("language", sorted(translations.LANGUAGES))
def test_every_text_is_translated_with_its_placeholders(language):
    assert list(translations.faults(language)) == []


@pytest.mark.parametrize("language", sorted(translations.LANGUAGES))
def test_the_catalogues_hold_no_text_that_is_no_longer_used(language):
    held = translations.translated(translations.catalogue(language)).keys() - {""}
    assert held <= translations.texts().keys()
