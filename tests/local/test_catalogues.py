"""Catalogues are compiled without gettext's tools, and gettext reads them."""

import gettext
import io

import pytest

from hmskort.local.catalogues import compile_all, compiled_form, messages

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: orders/views.py
msgid "Bestill kort"
msgstr "Order cards"

msgctxt "month"
msgid "mai"
msgstr "May"

msgid "%(n)s kort"
msgid_plural "%(n)s kort til sammen"
msgstr[0] "%(n)s card"
msgstr[1] "%(n)s cards in all"

msgid ""
"En lang "
"tekst"
msgstr ""
"A long "
"text"

#, fuzzy
msgid "Gjettet"
msgstr "Guessed"

msgid "Tom"
msgstr ""
"""


@pytest.fixture
def catalogue():
    return gettext.GNUTranslations(io.BytesIO(compiled_form(messages(PO))))


def test_texts_are_found_with_plurals_and_context(catalogue):
    assert catalogue.gettext("Bestill kort") == "Order cards"
    assert catalogue.pgettext("month", "mai") == "May"
    assert catalogue.ngettext("%(n)s kort", "%(n)s kort til sammen", 2) == "%(n)s cards in all"
    assert catalogue.gettext("En lang tekst") == "A long text"


def test_guessed_and_empty_translations_are_left_out(catalogue):
    assert catalogue.gettext("Gjettet") == "Gjettet"
    assert catalogue.gettext("Tom") == "Tom"


def test_only_changed_catalogues_are_compiled(tmp_path):
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO)
    assert len(compile_all(tmp_path)) == 1
    assert compile_all(tmp_path) == []
