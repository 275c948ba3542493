"""Altinn's authorized parties, from the world's roles and the company register's units.

Roles are `world.roles`; names, forms and sub-units are Enhetsregisteret's. Its own collections are
`altinn.tokens` (tokens that were exchanged, until when) and `altinn.resources` ("orgnr:national
id" -> {"orgnr", "national_id", "resources"}), what was given to a person inside Altinn itself.
"""

import functools
import json
import secrets
import uuid
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from hmskort.accounts.altinn.client import EXCHANGE, KEY_HEADER, PARTIES, SCOPE
from hmskort.common import clock
from hmskort.common.simulation import PEOPLE, ROLES, Document, Store
from registers.enhetsregisteret.simulator import SUBUNITS, UNITS
from registers.maskinporten.provider import scope_required

TOKENS = "altinn.tokens"
RESOURCES = "altinn.resources"
TOKEN_LIFE_S = 119
PERSON = "urn:altinn:person:identifier-no"


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The routes of Altinn that the portal uses."""
    exchange = scope_required(store, SCOPE)(functools.partial(_exchange, store=store))
    return [
        path(EXCHANGE, exchange),
        path(PARTIES, functools.partial(authorized_parties, store=store)),
    ]


@require_GET
def _exchange(request: HttpRequest, store: Store) -> HttpResponse:
    token = secrets.token_urlsafe(32)
    store.put(TOKENS, token, {"until": clock.now().timestamp() + TOKEN_LIFE_S})
    return JsonResponse(token, safe=False)


@require_POST
def authorized_parties(request: HttpRequest, store: Store) -> HttpResponse:
    """The units a person holds something in, each with its sub-units."""
    if not _token_holds(request, store):
        return JsonResponse({"title": "Unauthorized", "status": 401}, status=401)
    if request.headers.get(KEY_HEADER, "") != settings.ALTINN["subscription_key"]:
        return JsonResponse({"statusCode": 401, "message": "Access denied"}, status=401)
    asked = _asked(request)
    if asked is None:
        return JsonResponse({"title": "One or more validation errors occurred."}, status=400)
    flags = {key: request.GET.get(key, "").casefold() == "true" for key in request.GET}
    return JsonResponse(_parties(store, asked, flags), safe=False)


def _token_holds(request: HttpRequest, store: Store) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known = store.get(TOKENS, token) if scheme == "Bearer" else None
    return known is not None and known["until"] > clock.now().timestamp()


def _asked(request: HttpRequest) -> str | None:
    """The national id asked for; None when the body is not as documented."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return None
    is_person = isinstance(body, dict) and body.get("type") == PERSON
    return str(body.get("value")) if is_person else None


def _parties(store: Store, national_id: str, flags: dict[str, bool]) -> list[Document]:
    mine = {"national_id": national_id}
    roles: dict[str, list[str]] = defaultdict(list)
    resources: dict[str, list[str]] = defaultdict(list)
    for held in store.find(ROLES, mine):
        roles[held["orgnr"]].append(held["role"])
    for held in store.find(RESOURCES, mine):
        resources[held["orgnr"]] += held["resources"]
    units = [_unit(store, orgnr) for orgnr in sorted({*roles, *resources})]
    listed = [
        _main_unit(store, unit, roles, resources, flags)
        for unit in units
        if unit and (flags.get("includeInactiveParties", True) or "slettedato" not in unit)
    ]
    person = store.get(PEOPLE, national_id)
    return ([_party(national_id, person["name"], "Person")] if person else []) + listed


def _unit(store: Store, orgnr: str) -> Document | None:
    """The main unit that a number stands under."""
    below = store.get(SUBUNITS, orgnr)
    return store.get(UNITS, below["overordnetEnhet"] if below else orgnr)


def _main_unit(
    store: Store,
    unit: Document,
    roles: dict[str, list[str]],
    resources: dict[str, list[str]],
    flags: dict[str, bool],
) -> Document:
    orgnr = unit["organisasjonsnummer"]
    below = store.find(SUBUNITS, {"overordnetEnhet": orgnr})
    return _organization(unit) | {
        "authorizedRoles": roles[orgnr] if flags.get("includeRoles", True) else [],
        "authorizedResources": resources[orgnr] if flags.get("includeResources", True) else [],
        "onlyHierarchyElementWithNoAccess": not roles[orgnr] and not resources[orgnr],
        "subunits": [_organization(each) for each in below if flags.get("includeSubParties", True)],
    }


def _organization(unit: Document) -> Document:
    return _party(unit["organisasjonsnummer"], unit["navn"], "Organization") | {
        "organizationNumber": unit["organisasjonsnummer"],
        "unitType": unit["organisasjonsform"]["kode"],
        "isDeleted": "slettedato" in unit,
    }


def _party(number: str, name: str, kind: str) -> dict[str, Any]:
    """A party with nothing in it; Altinn writes every field, also those that are empty."""
    return {
        "partyUuid": str(uuid.uuid5(uuid.NAMESPACE_OID, number)),
        "name": name,
        "organizationNumber": None,
        "parentId": None,
        "personId": number if kind == "Person" else None,
        "dateOfBirth": None,
        "partyId": 50_000_000 + int(number) % 9_999_999,
        "type": kind,
        "unitType": None,
        "isDeleted": False,
        "onlyHierarchyElementWithNoAccess": False,
        "authorizedAccessPackages": [],
        "authorizedResources": [],
        "authorizedRoles": [],
        "authorizedInstances": [],
        "subunits": [],
    }
