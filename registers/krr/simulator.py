"""Kontakt- og reservasjonsregisteret: up to a thousand people's contact information.

Collection `krr.personer`, by identity number, each body as the API gives it without the number.
"""

import functools
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from hmskort.common.simulation import Document, Store
from registers.maskinporten.provider import scope_required

PERSONS = "krr.personer"
SCOPE = "krr:global/kontaktinformasjon.read"
BULK = 1000
NOT_REGISTERED: Document = {
    "reservasjon": "NEI",
    "status": "IKKE_REGISTRERT",
    "varslingsstatus": "KAN_IKKE_VARSLES",
}


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The one route of the API."""
    guarded: Any = scope_required(store, SCOPE)(functools.partial(persons, store=store))
    return [path("personer", guarded)]


@require_POST
def persons(request: HttpRequest, *, store: Store) -> HttpResponse:
    try:
        asked = json.loads(request.body)["personidentifikatorer"]
    except (ValueError, KeyError, TypeError):
        asked = []
    if not 0 < len(asked) <= BULK:
        return JsonResponse(
            {"feilmelding": "Oppgi mellom 1 og 1000 personidentifikatorer"}, status=400
        )
    found = [
        {"personidentifikator": number, **(store.get(PERSONS, number) or NOT_REGISTERED)}
        for number in asked
    ]
    return JsonResponse({"personer": found})
