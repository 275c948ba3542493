"""Bemanningsforetaksregisteret: the whole register as JSON, to callers with a User-Agent.

Collection `bemanningsforetaksregisteret.virksomheter`, by the main unit's orgnr, each body as an
entry of the register's `data`.
"""

import functools
import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from hmskort.common import clock
from hmskort.common.simulation import Document, Store

AGENCIES = "bemanningsforetaksregisteret.virksomheter"
CODES = {"Godkjent": 1, "Ikke godkjent": 2, "Søknad under behandling": 3}  # 3 is our guess


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The one address of the register."""
    return [path("virksomheter", functools.partial(agencies, store=store))]


def agency(
    orgnr: str, name: str, form: str, status: str, subunits: list[tuple[str, str, str]]
) -> Document:
    """An entry of the register. `subunits`: number, name and status of each."""
    return {
        **_unit(orgnr, None, name, status),
        "registerstatusTekst": status,
        "antallAnsatte": 0,
        "organisasjonsform": {"kode": form, "beskrivelse": form},
        "hjemmeside": None,
        "underenheter": [_unit(sub, orgnr, title, held) for sub, title, held in subunits],
    }


def _unit(orgnr: str, main_orgnr: str | None, name: str, status: str) -> Document:
    return {
        "organisasjonsnummer": orgnr,
        "overordnetEnhet": main_orgnr,
        "navn": name,
        "registerstatus": CODES[status],
        "godkjenningsstatus": status,
    }


@require_safe
def agencies(request: HttpRequest, *, store: Store) -> HttpResponse:
    if not request.headers.get("User-Agent"):
        return HttpResponse("<h1>403 Forbidden</h1>", status=403)
    data = [body for _, body in store.all(AGENCIES)]
    etag = quote_etag(hashlib.sha256(json.dumps(data).encode()).hexdigest()[:16])
    body = {
        "metadata": {"versjon": "2.2", "datoTidGenerert": f"{clock.now():%Y-%m-%dT%H:%M:%S.%f}0Z"},
        "registernavn": "bemanningsforetaksregisteret",
        "data": data,
    }
    response = HttpResponse(json.dumps(body), content_type="application/json")
    response["ETag"] = etag
    answer = get_conditional_response(request, etag, None, response)
    return answer if isinstance(answer, HttpResponse) else response
