"""Is this card valid? One field, an answer at once, no login, no script.

This room may reach nothing above the ground floor, so its views carry the stamp `access` as it
stands in `hmskort.accounts.access` without importing it.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from cards import numbers
from cards.public_check import texts
from cards.public_check.queries import LONGEST, check
from cards.public_check.rules import Status, shows_company
from hmskort.common import clock


def check_form(request: HttpRequest) -> HttpResponse:
    """`/sjekk/`: the field, or the answer's page for what was typed in it."""
    typed = request.GET.get("number", "").strip()
    number = numbers.compact(typed)
    if 0 < len(number) <= LONGEST and number.isascii() and number.isalnum():
        return HttpResponseRedirect(reverse("public_check:card", args=[number]))
    wrong = texts.problem_with(number) if "number" in request.GET else ""
    context = {
        "typed": typed,
        "problem": wrong,
        "errors": [{"text": wrong, "href": "#number"}] if wrong else [],
    }
    return _unlisted(
        render(request, "public_check/check.html", context, status=422 if wrong else 200)
    )


def card(request: HttpRequest, number: str) -> HttpResponse:
    """`/k/<number>/`: the answer, and where a card's QR code leads."""
    answer = check(number)
    if answer.number != number and answer.status is not Status.UNKNOWN:
        return HttpResponseRedirect(reverse("public_check:card", args=[answer.number]))
    context = {
        "answer": answer,
        "told": texts.told(answer),
        "kind": texts.kind_name(answer),
        "is_reference": answer.names_an_order,
        "nameless": bool(answer.kind_code)
        and not answer.orgnr
        and shows_company(clock.oslo_date(answer.checked_at)),
    }
    return _unlisted(render(request, "public_check/card.html", context))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


check_form.access = "public"  # type: ignore[attr-defined]
card.access = "public"  # type: ignore[attr-defined]
