"""UDI: one person's right to work, by the contract assumed in `client`.

Collection `udi.arbeidsadgang`, by identity number, each body the answer's `arbeidsadgang`.
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

PERMITS = "udi.arbeidsadgang"
SCOPE = "udi:arbeidsadgang"
ACCESS = ("Ja", "Nei", "Uavklart")
GENERAL = "Generell"
KINDS = (
    GENERAL,
    "BestemtArbeidsgiverEllerOppdragsgiver",
    "BestemtArbeidEllerOppdrag",
    "BestemtArbeidsgiverOgArbeidEllerBestemtOppdragsgiverOgOppdrag",
)


def permit(
    access: str, kind: str = GENERAL, starts: str | None = None, ends: str | None = None
) -> Document:
    """An `arbeidsadgang`; the kind and the dates (ISO) belong to a yes."""
    return {
        "harArbeidsadgang": access,
        "typeArbeidsadgang": kind if access == "Ja" else None,
        "arbeidsOmfang": "IngenKravTilStillingsprosent" if access == "Ja" else "Uavklart",
        "arbeidsadgangsPeriode": {"fra": starts, "til": ends} if starts or ends else None,
    }


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The one route of the API."""
    guarded: Any = scope_required(store, SCOPE)(functools.partial(right_to_work, store=store))
    return [path("arbeidsadgang", guarded)]


@require_POST
def right_to_work(request: HttpRequest, *, store: Store) -> HttpResponse:
    try:
        national_id = json.loads(request.body)["foedselsEllerDNummer"]
    except (ValueError, KeyError, TypeError):
        return _error("UDI-001", "Ugyldig forespørsel.", status=400)
    told = store.get(PERMITS, national_id)
    if told is None:
        return _error("UDI-004", "Personen er ikke kjent.", status=404)
    return JsonResponse(
        {
            "foresporselsfodselsnummer": national_id,
            "uttrekkstidspunkt": clock.now().isoformat(),
            "arbeidsadgang": told,
        }
    )


def _error(code: str, message: str, *, status: int) -> HttpResponse:
    return JsonResponse({"kode": code, "melding": message}, status=status)
