"""OAR: a foreign company's report on one worker, by the contract assumed in `client`.

Collection `oar.arbeidsforhold`, by id, each body a row of the answer with the worker's
`foedselsEllerDNummer`. A company is known when it has reported anything at all.
"""

import functools
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from hmskort.common.simulation import Store
from registers.maskinporten.provider import scope_required

ROWS = "oar.arbeidsforhold"
SCOPE = "skatteetaten:oppdragutenlandskevirksomheter"
CODE = "OPPDRAGUTENLANDSKEVIRKSOMHETER"
WHO = "foedselsEllerDNummer"


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The one route of the API."""
    guarded: Any = scope_required(store, SCOPE)(functools.partial(posted_work, store=store))
    return [path("arbeidsforhold", guarded)]


@require_POST
def posted_work(request: HttpRequest, *, store: Store) -> HttpResponse:
    try:
        asked = json.loads(request.body)
        orgnr, national_id = asked["organisasjonsnummer"], asked[WHO]
    except (ValueError, KeyError, TypeError):
        return _error("006", "Ugyldig forespørsel", status=400)
    reported = store.find(ROWS, {"oppdragstaker": orgnr})
    if not reported:
        return _error("008", "Fant ikke organisasjonen", status=404)
    rows = [row for row in reported if row[WHO] == national_id]
    return JsonResponse(rows, safe=False)


def _error(code: str, message: str, *, status: int) -> HttpResponse:
    return JsonResponse({"kode": f"{CODE}-{code}", "melding": message}, status=status)
