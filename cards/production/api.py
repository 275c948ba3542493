"""What an encoding station asks and reports. JSON, bearer token, every call may come twice.

    POST /api/production/jobs/claim           {"station"}               200 {"job": {...}} or 204
         job: id, profile, generation, content, track1, and the uid of the chip it is on, if any
    POST /api/production/jobs/<id>/started    {"uid", "plan"}           200
    POST /api/production/jobs/<id>/done       {"uid", "public_record", "personal_digest",
                                               "signature", "key_id", "image_digest"}   200
    POST /api/production/jobs/<id>/scrapped   {"uid", "reason"}         200

A report that cannot be taken is 409 {"code", "message"}; a body that cannot be read 400; a token
that is not one 401. `done` is believed only when the signature on the chip holds.
"""

import hmac
import json
import re
import uuid
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_POST

from cards.production import actions
from cards.production.models import ChipJob
from encoding.attestation import ReportRefused, verify_report
from encoding.content import CardContent
from hmskort.accounts import access
from hmskort.audit.actor import Actor, ActorKind, Channel
from hmskort.common.transitions import MoveNotAllowed, Superseded

UID = re.compile(r"(?:[0-9a-f]{8}|[0-9a-f]{14})")
DIGEST = re.compile(r"[0-9a-f]{64}")
REASON_LENGTH = 200
KEYS_AGE_S = 300

Body = dict[str, Any]
Given = ParamSpec("Given")


class Malformed(ValueError):
    """The body is not what the call takes."""


def station_call(
    view: Callable[Concatenate[Actor, Body, Given], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """The view is called with the station that the token belongs to, and the body read."""

    @access.station
    @require_POST
    @wraps(view)
    def called(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        station = _station(request)
        if station is None:
            return _problem(401, "token", "no station has this token")
        try:
            return view(station, _body(request), *args, **kwargs)
        except Malformed as wrong:
            return _problem(400, "malformed", str(wrong))
        except (actions.NotYours, ReportRefused) as refused:
            return _problem(409, refused.code, str(refused))
        except (MoveNotAllowed, Superseded) as moved:
            return _problem(409, "state", str(moved))

    return called


@station_call
def claim(station: Actor, body: Body) -> HttpResponse:
    """The station's job, or 204 when none waits."""
    if body.get("station") != station.id:
        return _problem(403, "station", "the token is another station's")
    job = actions.claim(station=station.id, actor=station)
    if job is None:
        return HttpResponse(status=204)
    told = {
        "id": str(job.pk),
        "profile": job.profile,
        "generation": job.generation,
        "content": job.content,
        "track1": job.track1,
        "uid": job.uid,
    }
    return JsonResponse({"job": told})


@station_call
def started(station: Actor, body: Body, job: uuid.UUID) -> HttpResponse:
    actions.started(
        uid=_text(body, "uid", UID),
        plan_digest=_text(body, "plan", DIGEST),
        job=_job(job),
        station=station.id,
        actor=station,
    )
    return JsonResponse({})


@station_call
def done(station: Actor, body: Body, job: uuid.UUID) -> HttpResponse:
    """The report is believed if the chip's signature holds for this job's content."""
    row = _job(job)
    try:
        keys = key_set()
    except (OSError, ValueError):
        return _problem(503, "keys", "the public signing keys cannot be read")
    content = CardContent.from_json(row.content, generation=row.generation)
    verify_report(body, content, keys, profile=row.profile)
    actions.done(job=row, station=station.id, report=body, actor=station)
    return JsonResponse({})


@station_call
def scrapped(station: Actor, body: Body, job: uuid.UUID) -> HttpResponse:
    actions.scrapped(
        job=_job(job),
        station=station.id,
        uid=_text(body, "uid", UID),
        reason=str(body.get("reason", ""))[:REASON_LENGTH],
        actor=station,
    )
    return JsonResponse({})


@access.public
def keys(request: HttpRequest) -> HttpResponse:
    """`/.well-known/hms-kort-keys.json`: the keys with which anyone may verify a chip."""
    try:
        document = key_set()
    except (OSError, ValueError):
        raise Http404 from None
    response = JsonResponse(document, content_type="application/jwk-set+json")
    response["Cache-Control"] = f"public, max-age={KEYS_AGE_S}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def key_set() -> dict[str, Any]:
    """The public signing keys as they stand in the file. Raises OSError or ValueError."""
    document: dict[str, Any] = json.loads(Path(settings.CHIP_PUBLIC_KEYS).read_text("utf-8"))
    return document


def _station(request: HttpRequest) -> Actor | None:
    """The station whose token was sent; every token is compared, so time tells nothing."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    found = ""
    for pair in settings.STATION_TOKENS.split(","):
        name, _, token = pair.strip().partition(":")
        if token and hmac.compare_digest(token.encode(), sent.strip().encode()):
            found = name
    if scheme.lower() != "bearer" or not found:
        return None
    return Actor(ActorKind.STATION, found, Channel.STATION)


def _body(request: HttpRequest) -> Body:
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Malformed("the body is not JSON") from None
    if not isinstance(body, dict):
        raise Malformed("the body is not a JSON object")
    return body


def _text(body: Body, name: str, shape: re.Pattern[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Malformed(f"{name}: missing or of another shape")
    return value


def _job(job: uuid.UUID) -> ChipJob:
    row = ChipJob.objects.filter(pk=job).first()
    if row is None:
        raise actions.NotYours("unknown", "there is no such job")
    return row


def _problem(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
