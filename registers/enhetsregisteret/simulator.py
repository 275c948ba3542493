"""Enhetsregisteret: units, sub-units, roles and the change feeds, as the open API answers.

Collections: `enhetsregisteret.enheter`, `.underenheter`, `.roller`, by orgnr, each body as the API
gives it; `.fjernet` holds units removed for legal reasons. Feeds of the same names hold the
changes; `change` writes a document and lets the change out. `.fil` keeps when each whole file last
came out changed.
"""

import functools
import gzip
import hashlib
import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date
from django.views.decorators.http import require_GET, require_safe

from hmskort.common import clock
from hmskort.common.simulation import Document, FeedItem, Store
from registers import orgnr as numbers

UNITS = "enhetsregisteret.enheter"
SUBUNITS = "enhetsregisteret.underenheter"
ROLES = "enhetsregisteret.roller"
REMOVED = "enhetsregisteret.fjernet"
FILES = "enhetsregisteret.fil"  # when each file last came out changed
FILE_TYPE = "application/vnd.brreg.enhetsregisteret.enhet.v2+gzip;charset=UTF-8"
EMBEDDED = {UNITS: "oppdaterteEnheter", SUBUNITS: "oppdaterteUnderenheter"}
SIZE = 20
MOST = 10_000
NUMBERS = 100  # in one search


def change(store: Store, collection: str, orgnr: str, body: Document) -> None:
    """The unit (or its roles) is as given; a difference is let out on the feed."""
    before = store.get(collection, orgnr)
    if not store.put(collection, orgnr, body):
        return
    item: Document = {"organisasjonsnummer": orgnr, "endringstype": _kind(before, body)}
    if collection != ROLES:
        item["endringer"] = _patch(before or {}, body)
    store.append(collection, item)


def remove(store: Store, orgnr: str, on: str) -> None:
    """The unit is removed for legal reasons: asked for, it is gone (410)."""
    if store.put(REMOVED, orgnr, {"organisasjonsnummer": orgnr, "slettedato": on}):
        store.delete(UNITS, orgnr)
        store.append(UNITS, {"organisasjonsnummer": orgnr, "endringstype": "Fjernet"})


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The routes of the open API."""

    def with_store(view: Any, **kwargs: Any) -> Any:
        return functools.partial(view, store=store, **kwargs)

    return [
        path("enheter", with_store(units)),
        path("enheter/lastned", with_store(file, collection=UNITS)),
        path("underenheter/lastned", with_store(file, collection=SUBUNITS)),
        path("enheter/<str:orgnr>", with_store(unit, collection=UNITS)),
        path("enheter/<str:orgnr>/roller", with_store(roles)),
        path("underenheter", with_store(subunits)),
        path("underenheter/<str:orgnr>", with_store(unit, collection=SUBUNITS)),
        path("oppdateringer/enheter", with_store(updates, feed=UNITS)),
        path("oppdateringer/underenheter", with_store(updates, feed=SUBUNITS)),
        path("oppdateringer/roller", with_store(role_updates)),
    ]


@require_GET
def unit(request: HttpRequest, orgnr: str, *, store: Store, collection: str) -> HttpResponse:
    if not numbers.is_valid(orgnr):
        return _bad_request(f"{orgnr} er ikke et gyldig organisasjonsnummer")
    removed = store.get(REMOVED, orgnr)
    if removed is not None and collection == UNITS:
        return JsonResponse(removed, status=410)
    body = store.get(collection, orgnr)
    return JsonResponse(body) if body else HttpResponse(status=404)


@require_GET
def roles(request: HttpRequest, orgnr: str, *, store: Store) -> HttpResponse:
    body = store.get(ROLES, orgnr)
    if body is None:
        return HttpResponse(status=404)
    href = request.build_absolute_uri(request.path)
    return JsonResponse({**body, "_links": {"self": {"href": href}}})


@require_GET
def units(request: HttpRequest, *, store: Store) -> HttpResponse:
    """Search by numbers or by a part of the name."""
    asked = sorted(set(filter(None, request.GET.get("organisasjonsnummer", "").split(","))))
    if len(asked) > NUMBERS:
        return _bad_request(f"Oppgi høyst {NUMBERS} organisasjonsnummer")
    name = request.GET.get("navn", "").casefold()
    known = [store.get(UNITS, orgnr) for orgnr in asked] if asked else _every(store, UNITS)
    found = [
        body
        for body in known
        if body and name in body["navn"].casefold() and body["respons_klasse"] == "Enhet"
    ]
    return _page(request, "enheter", found)


def _every(store: Store, collection: str) -> list[Document]:
    return [body for _, body in store.all(collection)]


@require_GET
def subunits(request: HttpRequest, *, store: Store) -> HttpResponse:
    main = request.GET.get("overordnetEnhet")
    match = {"overordnetEnhet": main} if main else {}
    return _page(request, "underenheter", store.find(SUBUNITS, match))


@require_safe
def file(request: HttpRequest, *, store: Store, collection: str) -> HttpResponse:
    """Every unit that is not deleted, as one JSON list in gzip; `Last-Modified`: when it was made.

    The real file is made every night; this one follows the collection at once.
    """
    held = [body for _, body in store.all(collection) if "slettedato" not in body]
    content = gzip.compress(json.dumps(held, ensure_ascii=False, indent=2).encode(), mtime=0)
    digest = hashlib.sha256(content).hexdigest()
    known = store.get(FILES, collection)
    if known is None or known["digest"] != digest:
        known = {"digest": digest, "at": clock.now().isoformat()}
        store.put(FILES, collection, known)
    response = HttpResponse(content, content_type=FILE_TYPE)
    response["Last-Modified"] = http_date(datetime.fromisoformat(known["at"]).timestamp())
    return response


@require_GET
def updates(request: HttpRequest, *, store: Store, feed: str) -> HttpResponse:
    """Changes from a number, or from a time where no number is given."""
    first = int(request.GET.get("oppdateringsid", 1))
    since = parse_datetime(request.GET.get("dato", ""))
    items = [
        item
        for item in store.after(feed, first - 1, MOST)
        if since is None or (parse_datetime(item.at) or since) >= since
    ]
    with_changes = request.GET.get("includeChanges") == "true"
    return _page(request, EMBEDDED[feed], [_update(item, with_changes) for item in items])


@require_GET
def role_updates(request: HttpRequest, *, store: Store) -> HttpResponse:
    """CloudEvents in a plain list, after a number or a time."""
    after = int(request.GET.get("afterId", 0))
    since = parse_datetime(request.GET.get("afterTime", ""))
    events = [
        {
            "id": str(item.sequence),
            "type": "no.brreg.enhetsregisteret.roller.oppdatert",
            "source": "https://data.brreg.no/enhetsregisteret/api",
            "time": item.at,
            "data": {"organisasjonsnummer": item.body["organisasjonsnummer"]},
        }
        for item in store.after(ROLES, after, MOST)
        if since is None or (parse_datetime(item.at) or since) >= since
    ]
    return JsonResponse(events[: int(request.GET.get("size", SIZE))], safe=False)


def _update(item: FeedItem, with_changes: bool) -> Document:  # noqa: FBT001
    hidden = () if with_changes else ("endringer",)
    return {
        "oppdateringsid": item.sequence,
        "dato": item.at,
        **{key: value for key, value in item.body.items() if key not in hidden},
        "_links": {},
    }


def _page(request: HttpRequest, name: str, found: list[Document]) -> HttpResponse:
    """A page in HAL; without hits `_embedded` is left out."""
    size = int(request.GET.get("size", SIZE))
    number = int(request.GET.get("page", 0))
    if not 0 < size * (number + 1) <= MOST:
        return _bad_request("size * page kan ikke være større enn 10000")
    shown = found[number * size : (number + 1) * size]
    page = {
        "size": size,
        "totalElements": len(found),
        "totalPages": -(-len(found) // size),
        "number": number,
    }
    embedded = {"_embedded": {name: shown}} if shown else {}
    return JsonResponse({**embedded, "_links": {}, "page": page})


def _bad_request(message: str) -> HttpResponse:
    return JsonResponse({"status": 400, "error": "Bad Request", "feilmelding": message}, status=400)


def _kind(before: Document | None, after: Document) -> str:
    if before is None:
        return "Ny"
    return "Sletting" if "slettedato" in after else "Endring"


def _patch(before: Document, after: Document) -> list[Document]:
    """The difference of the top level, in the manner of JSON Patch."""
    removed: list[Document] = [
        {"op": "remove", "path": f"/{key}"} for key in before if key not in after
    ]
    return removed + [
        {"op": "replace" if key in before else "add", "path": f"/{key}", "value": value}
        for key, value in after.items()
        if before.get(key) != value
    ]
