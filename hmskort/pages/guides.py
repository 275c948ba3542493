"""Guides that answer: does a company need cards, may cleaning be bought of it, whose is the form?

They are asked and answered in the address, work without script, and store nothing.
"""

from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hmskort.accounts.access import public
from hmskort.pages import cleaning as words
from hmskort.pages.need import Question, Way, way
from orders.paper.form import issuer_lines
from orders.paper.printing import lines_to_print
from registers import orgnr as numbers
from registers.approvals import cleaning_standing

ASKED = "spurt"  # the question that the form showed: without an answer to it, it was left open


@public
@require_safe
def need(request: HttpRequest) -> HttpResponse:
    """Do we need HSE cards? One question at a time; `?arbeid=renhold&hos=egne` is an answer."""
    found = way(request.GET.dict())
    open_ = found.question is not None and request.GET.get(ASKED) == found.question.key
    form = _form(found.question, left_open=open_) if found.question else None
    context = {
        "way": found,
        "form": form,
        "asked": ASKED,
        "given": _given(found),
        "links": [
            {"href": reverse(name), "label": label}
            for name, label in (found.outcome.links if found.outcome else ())
        ],
    }
    return render(request, "pages/need.html", context, status=422 if open_ else 200)


def _form(question: Question, *, left_open: bool) -> forms.Form:
    field = forms.ChoiceField(
        label=str(question.text),
        help_text=str(question.hint),
        choices=[(choice.value, choice.label) for choice in question.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg et svar for å gå videre.")},
    )
    asked = type("AskedForm", (forms.Form,), {question.key: field})
    form: forms.Form = asked({} if left_open else None)
    return form


def _given(found: Way) -> list[dict[str, object]]:
    """What has been answered, each with the address where it is asked again."""
    rows: list[dict[str, object]] = []
    before: dict[str, str] = {}
    for question, choice in found.answered:
        again = f"?{urlencode(before)}" if before else reverse("pages:need")
        rows.append({"name": question.text, "value": choice.label, "change": again,
                     "key": question.key, "chosen": choice.value})  # fmt: skip
        before[question.key] = choice.value
    return rows


@public
@require_safe
def paper_form(request: HttpRequest) -> HttpResponse:
    """`/hjelp/papirskjema/`: how the paper form is used, and the forms that can be printed now."""
    company = getattr(request, "company", None)
    may_print = company is not None and company.may_prepare
    context = {
        "lines": lines_to_print(company.orgnr) if company and may_print else [],
        "address": issuer_lines(),
    }
    response = render(request, "pages/paper_form.html", context)
    if may_print:  # names are kept by no browser after the logout
        patch_cache_control(response, private=True, no_store=True)
    return response


@public
@require_safe
def cleaning_form(request: HttpRequest) -> HttpResponse:
    """`/godkjent-renhold/`: the field, or the answer's page for what was typed in it."""
    typed = request.GET.get("orgnr", "").strip()
    problem = _("Skriv inn et organisasjonsnummer.") if "orgnr" in request.GET else ""
    if typed:
        try:
            number = numbers.validate(typed)
        except numbers.InvalidOrgnr as invalid:
            problem = str(invalid)
        else:
            return HttpResponseRedirect(reverse("pages:cleaning_of", args=[number]))
    errors = [{"text": problem, "href": "#orgnr"}] if problem else []
    context = {"typed": typed, "problem": problem, "errors": errors}
    return render(request, "pages/cleaning.html", context, status=422 if problem else 200)


@public
@require_safe
def cleaning_of(request: HttpRequest, orgnr: str) -> HttpResponse:
    """`/godkjent-renhold/<orgnr>/`: how the company stands in Renholdsregisteret today."""
    if not numbers.is_valid(orgnr):
        again = urlencode({"orgnr": orgnr})
        return HttpResponseRedirect(f"{reverse('pages:cleaning')}?{again}")
    standing = cleaning_standing(orgnr)
    context = {
        "orgnr": orgnr,
        "standing": standing,
        "told": words.told(standing),
        "register": words.REGISTER,
    }
    response = render(request, "pages/cleaning_of.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
