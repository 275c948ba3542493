"""Aa-registeret: answers the one GraphQL query `finnArbeidsforhold`, errors with status 200.

Collection `aaregisteret.arbeidsforhold`: employments by id, each body as the API gives it.
"""

import functools
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from hmskort.common import clock
from hmskort.common.simulation import Document, Store
from registers.maskinporten.provider import scope_required

EMPLOYMENTS = "aaregisteret.arbeidsforhold"
SCOPE = "nav:aareg/v1/arbeidsforhold"
SUBJECTS = {
    "arbeidstakerId": "arbeidstaker",
    "arbeidsstedId": "arbeidssted",
    "opplysningspliktigId": "opplysningspliktig",
}
REQUIRED = {
    "arbeidsforholdtype": "AA-203",
    "rapporteringsordning": "AA-204",
    "arbeidsforholdstatus": "AA-205",
}


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The one route of the API."""
    view = functools.partial(graphql, store=store)
    guarded: Any = scope_required(store, SCOPE)(view)
    return [path("graphql", guarded)]


@require_POST
def graphql(request: HttpRequest, *, store: Store) -> HttpResponse:
    try:
        question = json.loads(request.body)
        variables = question["variables"]["finnArbeidsforholdVariabler"]
    except (ValueError, KeyError, TypeError):
        return _error("AA-001", "Ugyldige variabler")
    if "finnArbeidsforhold" not in question.get("query", ""):
        return _error("AA-002", "Ufullstendig forespørsel")
    if not any(variables.get(name) for name in SUBJECTS):
        return _error("AA-200", "Oppgi arbeidstakerId, arbeidsstedId eller opplysningspliktigId")
    for name, code in REQUIRED.items():
        if not variables.get(name):
            return _error(code, f"{name} mangler")
    found = [row for row in store.find(EMPLOYMENTS, _match(variables)) if _wanted(row, variables)]
    return JsonResponse({"data": {"finnArbeidsforhold": {"arbeidsforhold": found}}})


def _match(variables: Document) -> Document:
    return {
        part: {"ident": variables[name]} for name, part in SUBJECTS.items() if variables.get(name)
    }


def _wanted(row: Document, variables: Document) -> bool:
    return (
        row["type"]["kode"] in variables["arbeidsforholdtype"]
        and _status(row) in variables["arbeidsforholdstatus"]
    )


def _status(row: Document) -> str:
    """AKTIV, FREMTIDIG or AVSLUTTET, by the dates and today."""
    today = clock.today().isoformat()
    period = row["ansettelsesperiode"]
    if period["startdato"] > today:
        return "FREMTIDIG"
    return "AVSLUTTET" if period["sluttdato"] and period["sluttdato"] < today else "AKTIV"


def _error(code: str, message: str) -> HttpResponse:
    error = {
        "message": f"{code}: {message}",
        "extensions": {"code": code, "classification": "ValidationError"},
    }
    return JsonResponse({"data": None, "errors": [error]})
