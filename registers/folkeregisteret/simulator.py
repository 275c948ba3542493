"""Folkeregisteret: one person, or up to a thousand, in the parts that are asked for, and the feed.

Collection `folkeregisteret.personer`: person documents by the number in use. A former number finds
the person too. Feed `folkeregisteret.hendelser`: {"identifikator", "type"} of what happened;
`change` writes a document and lets the events out.
"""

import functools
import json
import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET, require_POST

from hmskort.common import clock
from hmskort.common.simulation import Document, FeedItem, Store
from registers.maskinporten.provider import scope_required

PERSONS = "folkeregisteret.personer"
SCOPE = "folkeregister:deling/offentligmedhjemmel"
EVENTS = "folkeregisteret.hendelser"
KEPT = timedelta(days=36 * 30.44)  # 36 months
BULK = 1000
PAGE = 1000
PER_MINUTE = 60_000  # calls of one caller
ALWAYS = "identifikasjonsnummer"
NOT_IN_BASIS = {"opphold", "utlendingsmyndighetenesIdentifikasjonsnummer", "innflytting"}


def change(store: Store, national_id: str, document: Document, *kinds: str) -> None:
    """The person is as given; a difference is let out as these kinds of events."""
    if store.put(PERSONS, national_id, document):
        for kind in kinds:
            store.append(EVENTS, {"identifikator": national_id, "type": kind})


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The routes of the rights package *offentlig med hjemmel*."""
    guarded, pace = scope_required(store, SCOPE), _Pace()

    def with_store(view: Any) -> Any:
        return pace.kept_by(guarded(functools.partial(view, store=store)))

    return [
        path("personer/bulkoppslag", with_store(bulk)),
        path("personer/<str:national_id>", with_store(person)),
        path("hendelser/feed", with_store(feed)),
        path("hendelser/siste/sekvensnummer", with_store(last_sequence)),
    ]


class _Pace:
    """Counts the calls of each minute; `Retry-After` is in milliseconds."""

    def __init__(self) -> None:
        self._calls: Counter[int] = Counter()
        self._lock = threading.Lock()

    def kept_by(self, view: Any) -> Any:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            now = clock.now().timestamp()
            if self._count(int(now // 60)) > PER_MINUTE:
                response = _error("FREG-429", "For mange kall.", status=429)
                response["Retry-After"] = str(round((60 - now % 60) * 1000))
                return response
            answered: HttpResponse = view(request, *args, **kwargs)
            return answered

        return answer

    def _count(self, minute: int) -> int:
        with self._lock:
            self._calls = Counter({minute: self._calls[minute] + 1})
            return self._calls[minute]


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


@require_GET
def feed(request: HttpRequest, *, store: Store) -> HttpResponse:
    """A thousand events from a number on, as a plain list; 304 to whoever has them."""
    asked = request.GET.get("seq", "")
    if not asked.isdecimal() or int(asked) < 1:
        return _error("FREG-003", "Ugyldig sekvensnummer.", status=400)
    items = store.after(EVENTS, int(asked) - 1, PAGE)
    if items and clock.now() - datetime.fromisoformat(items[0].at) > KEPT:
        return _error("FREG-005", "Ulovlig sekvensnummer.", status=406)
    last = items[-1].sequence if items else 0
    etag = quote_etag(f"{asked}-{last}")
    response = JsonResponse([_event(item) for item in items], safe=False)
    response["ETag"] = etag
    answer = get_conditional_response(request, etag, None, response)
    return answer if isinstance(answer, HttpResponse) else response


@require_GET
def last_sequence(request: HttpRequest, *, store: Store) -> HttpResponse:
    newest = store.newest(EVENTS, 1, {})
    return JsonResponse(newest[0].sequence if newest else 0, safe=False)


def _event(item: FeedItem) -> Document:
    return {
        "sekvensnummer": item.sequence,
        "hendelse": {
            "folkeregisteridentifikator": item.body["identifikator"],
            "hendelsetype": item.body["type"],
            "hendelsesdokument": f"h{item.sequence}",
            "persondokument": f"p{item.sequence}",
            "ajourholdstidspunkt": item.at,
        },
    }


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
