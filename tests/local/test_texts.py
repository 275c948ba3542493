"""Texts are found where a person may see them."""

import pytest

from hmskort.local.texts import keys_of_template

COUNTED = """
{% blocktranslate count n=cards|length trimmed %}
  {{ n }} kort
{% plural %}
  {{ n }} kort (alle)
{% endblocktranslate %}
"""


@pytest.mark.parametrize(
    ("template", "keys"),
    [
        ("{% load i18n %}{% translate 'Bestill kort' %}", ["Bestill kort"]),
        ('{% translate "E-post (valgfritt) her" as it %}{{ it }}', ["E-post (valgfritt) her"]),
        ("{% translate 'mai' context 'month' %}", ["month\x04mai"]),
        ("{{ _('Det er \"bra\"') }}", ['Det er "bra"']),
        (COUNTED, ["%(n)s kort\x00%(n)s kort (alle)"]),
        ("{% include 'x.html' with label=_('Søk') only %}", ["Søk"]),
        ("<p>Ikke merket</p>", []),
    ],
)
def test_every_marked_text_of_a_template_is_found_whole(template, keys):
    assert list(keys_of_template(template)) == keys
