import re
from pathlib import Path
from typing import ClassVar

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string

from hmskort.local import vendor

TEMPLATES = Path(settings.BASE_DIR) / "templates"


class Order(forms.Form):
    name = forms.CharField(label="Navn", help_text="Slik det står i Folkeregisteret.")
    note = forms.CharField(label="Melding", required=False)
    kind = forms.ChoiceField(
        label="Korttype",
        choices=[("bygg", "Bygg"), ("renhold", "Renhold")],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label="Jeg er enig")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


class Portrait(forms.Form):
    photo = forms.FileField(label="Portrettbilde")


def test_a_form_comes_out_as_fields_of_the_design_system():
    html = str(Order())
    assert html.count('class="ds-field"') == 5  # name, note, two choices, agreed
    assert '<label class="ds-label" for="id_name">Navn</label>' in html
    assert 'class="ds-input"' in html
    assert '<fieldset class="ds-fieldset"' in html


def test_hint_and_error_are_read_out_with_the_field():
    html = str(Order({"name": ""}))
    (described,) = re.findall(r'<input[^>]*name="name"[^>]*aria-describedby="([^"]*)"', html)
    assert described == "id_name_helptext id_name_error"
    assert all(f'id="{one}"' in html for one in described.split())
    assert 'aria-invalid="true"' in html


def test_an_optional_field_says_so_and_a_hidden_one_says_nothing():
    html = str(Order())
    assert html.count("(valgfritt)") == 1
    assert '<input type="hidden" name="hidden" id="id_hidden">' in html


def test_an_empty_field_is_named_in_its_error():
    errors = Order({}).errors
    assert errors["name"] == ["Navn må fylles ut"]
    assert errors["kind"] == ["Korttype: Velg et alternativ"]
    assert errors["agreed"] == ["Du må krysse av for «Jeg er enig»"]


def test_a_field_with_its_own_text_for_empty_keeps_it():
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Skriv navnet"})

    assert Own({}).errors["name"] == ["Skriv navnet"]


def test_the_error_summary_links_to_every_field_with_an_error():
    form = Order({})
    summary = render_to_string("components/error_summary.html", {"form": form})
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_name", "id_kind_0", "id_agreed"]
    assert all(f'id="{target}"' in str(form) for target in targets)


def test_the_error_summary_of_a_form_without_errors_is_nothing():
    assert not render_to_string("components/error_summary.html", {"form": Order()}).strip()


def test_a_file_field_works_as_a_plain_file_input():
    assert '<input type="file" name="photo"' in str(Portrait())


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        ("met", "I orden"),
        ("not_met", "Må rettes"),
        ("unknown", "Registeret svarer ikke"),
        ("exempt", "Unntak"),
        ("checking", "Sjekker …"),
        ("waiting", "Venter"),
    ],
)
def test_a_requirement_says_its_verdict_in_words(verdict, word):
    row = {"name": "Aa-registeret", "verdict": verdict}
    assert word in render_to_string("components/requirement.html", row)


def test_pages_are_led_through_with_the_filters_kept(rf):
    page = Paginator(range(100), 10).get_page(5)
    html = render_to_string(
        "components/pagination.html", {"page": page}, rf.get("/kort/?status=gyldig&side=5")
    )
    assert "?status=gyldig&amp;side=6" in html
    assert re.findall(r">(\d+)</a>", html) == ["1", "4", "5", "6", "10"]
    assert html.count("<li></li>") == 2  # the gaps


def test_every_icon_that_a_template_names_is_in_the_sprite():
    named = re.compile(r"""{% icon "([a-z0-9-]+)" |icon="([a-z0-9-]+)\"""")
    known = set(vendor.icon_names())
    for template in TEMPLATES.rglob("*.html"):
        found = {a or b for a, b in named.findall(template.read_text())}
        assert found <= known, template


def test_every_component_names_its_inputs():
    for template in (TEMPLATES / "components").glob("*.html"):
        assert template.read_text().startswith("{#"), template


class TestVendoredFiles:
    SOURCE_MAPS: ClassVar = (b"//# sourceMappingURL", b"/*# sourceMappingURL")

    def test_are_those_of_the_lock(self):
        assert vendor.compare() == []

    def test_point_to_no_source_maps(self):
        for file in vendor.VENDOR.rglob("*.*"):
            assert not any(mark in file.read_bytes() for mark in self.SOURCE_MAPS), file

    def test_each_carry_their_licence(self):
        bare = {folder.name for folder in vendor.VENDOR.iterdir() if folder.is_dir()}
        bare -= {file.parent.name for file in vendor.VENDOR.rglob("LICENSE")}
        assert bare == {"theme"}  # our own, generated from hmskort/local/theme.json
