"""Folkeregisteret: one person, or up to a thousand, in the parts that are asked for.

Collection `folkeregisteret.personer`: person documents by the number in use. A former number finds
the person too.
"""

import functools
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from hmskort.common.simulation import Document, Store
from registers.maskinporten.provider import scope_required

PERSONS = "folkeregisteret.personer"
SCOPE = "folkeregister:deling/offentligmedhjemmel"
BULK = 1000
ALWAYS = "identifikasjonsnummer"
NOT_IN_BASIS = {"opphold", "utlendingsmyndighetenesIdentifikasjonsnummer", "innflytting"}


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The routes of the rights package *offentlig med hjemmel*."""
    guarded = scope_required(store, SCOPE)

    def with_store(view: Any) -> Any:
        return guarded(functools.partial(view, store=store))

    return [
        path("personer/bulkoppslag", with_store(bulk)),
        path("personer/<str:national_id>", with_store(person)),
    ]


@require_GET
def person(request: HttpRequest, national_id: str, *, store: Store) -> HttpResponse:
    document = _document(store, national_id)
    if document is None:
        return _error("FREG-004", "Fant ikke personen.", status=404)
    return JsonResponse(_parts(request, document))


@require_POST
def bulk(request: HttpRequest, *, store: Store) -> HttpResponse:
    if request.content_type != "application/json":
        return _error("FREG-006", "Content-Type mangler.", status=406)
    asked = json.loads(request.body)["foedselsEllerDNummer"]
    if not 0 < len(asked) <= BULK:
        return _error("FREG-003", "Oppgi mellom 1 og 1000 identifikatorer.", status=400)
    found = ((number, _document(store, number)) for number in asked)
    lookups = [
        {"foedselsEllerDNummer": number, "folkeregisterperson": _parts(request, document)}
        for number, document in found
        if document is not None
    ]
    return JsonResponse({"oppslag": lookups})


def _document(store: Store, national_id: str) -> Document | None:
    document = store.get(PERSONS, national_id)
    if document is not None:
        return document
    former = store.find(PERSONS, {ALWAYS: [{"foedselsEllerDNummer": national_id}]})
    return former[0] if former else None


def _parts(request: HttpRequest, document: Document) -> Document:
    """The parts asked for; the numbers always come along."""
    asked = set(request.GET.getlist("part")) or {"person-basis"}
    basis = "person-basis" in asked
    return {
        key: value
        for key, value in document.items()
        if key == ALWAYS or key in asked or (basis and key not in NOT_IN_BASIS)
    }


def _error(code: str, message: str, *, status: int) -> HttpResponse:
    return JsonResponse({"kode": code, "melding": message}, status=status)
