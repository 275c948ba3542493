"""All components on one page, as the rooms use them, in a real browser."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from hmskort.accounts.access import public
from hmskort.common.money import with_vat
from hmskort.urls import handler400, handler403, handler404, handler500  # noqa: F401
from hmskort.urls import urlpatterns as portal

GALLERY = Path(__file__).with_name("gallery.html").read_text()
AT = datetime(2026, 11, 21, 8, 42, tzinfo=UTC)

pytestmark = pytest.mark.urls(__name__)


class Worker(forms.Form):
    name = forms.CharField(label="Navn", help_text="Slik det står i Folkeregisteret.")
    note = forms.CharField(label="Melding", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Korttype",
        choices=[("bygg", "Bygg"), ("renhold", "Renhold")],
        widget=forms.RadioSelect,
    )
    unit = forms.ChoiceField(label="Underenhet", choices=[("1", "Oslo"), ("2", "Bergen")])
    agreed = forms.BooleanField(label="Jeg erklærer at opplysningene er riktige")
    photo = forms.FileField(label="Portrettbilde", help_text="JPEG eller PNG, høyst 10 MB.")


@public
def gallery(request):
    sent = request.method == "POST" or "errors" in request.GET
    context = {"form": Worker(request.POST or {}, request.FILES) if sent else Worker(), **CONTENT}
    template = engines["django"].from_string(GALLERY)
    return HttpResponse(template.render(context, request), status=422 if request.POST else 200)


CONTENT = {
    "now": AT,
    "amount": with_vat(10_400),
    "maintenance": "Lørdag 30. januar kl. 18.00–22.00 kan du ikke bestille.",
    "page": Paginator(range(200), 20).get_page(4),
    "columns": ["Navn", "Kortnummer", "Gyldig til", "Status", ""],
    "steps": [
        {"name": "Personer", "state": "done", "note": "Ferdig – 3 personer", "href": "#"},
        {"name": "Registersjekk", "state": "current"},
        {"name": "Bilde, signatur og ID", "state": "upcoming"},
        {"name": "Levering og betaling", "state": "upcoming"},
        {"name": "Kontroller og bestill", "state": "upcoming"},
    ],
    "fix": ["Meld inn arbeidsforholdet i a-meldingen.", "Vent til Nav har behandlet meldingen."],
    "rows": [
        {"name": "Navn", "value": "Kari Nordmann", "change": "#"},
        {"name": "Leveringsadresse", "value": "Storgata 1, 0155 Oslo", "change": "#"},
    ],
    "tasks": [
        {"name": "Bilde", "hint": "Kari Nordmann", "href": "#", "status": "Ferdig"},
        {"name": "Legitimasjon", "href": "#", "status": "Må rettes", "color": "danger"},
    ],
    "table": [
        [
            {"text": "Adomaitytė, Rūta", "strong": True},
            {"text": "4711 2083"},
            {"text": "11.05.2027"},
            {"text": "Ikke gyldig – mangler i Aa-registeret", "color": "danger"},
            {"text": "Vis kort", "href": "#", "hidden": "4711 2083"},
        ]
    ],
    "events": [
        {"at": AT, "title": "Godkjent", "who": "Kontrollør 12", "color": "success"},
        {"at": AT, "title": "Bestilt", "text": "Beløpet er reservert."},
    ],
}
urlpatterns = [*portal, path("gallery/", gallery)]


@pytest.mark.parametrize("address", ["/gallery/", "/gallery/?errors=1"])
def test_every_component_is_accessible_at_every_width_light_and_dark(page_check, address):
    page_check(address)


def test_the_check_sees_what_is_wrong(visitor, page_check):
    page = visitor().open("/gallery/")
    page.evaluate("document.querySelector('main button').textContent = ''")
    page.evaluate("document.querySelector('main h1').style.width = '5000px'")
    conftest = page_check.__globals__
    assert any("button-name" in line for line in conftest["violations"](page))
    assert conftest["overflow"](page) > 0


def test_the_error_summary_has_focus_and_its_links_lead_into_the_fields(visitor):
    page = visitor().open("/gallery/")
    page.get_by_role("button", name="Neste steg").click()
    page.wait_for_selector(".ds-error-summary:focus")
    page.get_by_role("link", name="Navn må fylles ut").click()
    assert page.evaluate("document.activeElement.id") == "id_name"
    assert page.title().startswith("Feil: ")


def test_without_javascript_the_same_errors_come(visitor):
    page = visitor(javascript=False).open("/gallery/")
    page.get_by_role("button", name="Neste steg").click()
    assert page.locator(".ds-error-summary a").count() == 4


@pytest.mark.parametrize("key", ["Escape", "Enter"])
def test_a_dialog_asks_first_and_can_be_left_by_keyboard(visitor, key):
    page = visitor().open("/gallery/")
    page.get_by_role("button", name="Sperr kortet").click()
    dialog = page.get_by_role("dialog", name="Sperre kortet?")
    assert dialog.is_visible()
    if key == "Enter":
        dialog.get_by_role("button", name="Avbryt").focus()
    page.keyboard.press(key)
    dialog.wait_for(state="hidden")
    assert page.url.endswith("/gallery/")


def test_a_file_that_is_no_picture_is_refused_before_it_is_sent(visitor, tmp_path):
    wrong = tmp_path / "kort.pdf"
    wrong.write_bytes(b"%PDF-1.7")
    page = visitor().open("/gallery/")
    page.locator("input[type=file]").set_input_files(wrong)
    page.get_by_text("Filen må være et bilde av typen JPEG eller PNG.").wait_for()


def test_a_chosen_picture_is_shown_and_sent_with_the_form(visitor, tmp_path):
    someone = visitor()
    page = someone.open("/gallery/")
    icon = Path(__file__).parents[2] / "static" / "app" / "touch-icon.png"
    page.locator("input[type=file]").set_input_files(icon)
    page.get_by_text("Valgt fil: touch-icon.png").wait_for()
    assert page.locator(".upload__preview").is_visible()
    page.get_by_role("button", name="Neste steg").click()
    page.wait_for_selector(".ds-error-summary:focus")
    assert page.locator("text=Portrettbilde: Velg en fil").count() == 0
    assert [line for line in someone.complaints if "422" not in line] == []


def test_a_table_on_a_phone_names_each_value(visitor):
    page = visitor().open("/gallery/", width=320)
    label = page.evaluate(
        "getComputedStyle(document.querySelector('td[data-label=Kortnummer]'), '::before').content"
    )
    assert label == '"Kortnummer"'
