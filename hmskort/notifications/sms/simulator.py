"""LINK Mobility's gateway: takes an SMS and shows it in the inbox."""

import functools
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from hmskort.common.simulation import INBOX, Store

QUEUED = 1005
INVALID_DESTINATION = 1103


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The gateway's route."""
    view: Any = functools.partial(send, store=store)
    return [path("sms/send", view)]


@require_POST
def send(request: HttpRequest, *, store: Store) -> HttpResponse:
    if not request.headers.get("Authorization", "").startswith("Basic "):
        return JsonResponse({"description": "Unauthorized"}, status=401)
    message = json.loads(request.body)
    to = message["destination"]
    if not (to.startswith("+") and to[1:].isdigit()):
        return JsonResponse({"resultCode": INVALID_DESTINATION, "description": "Invalid"})
    sequence = store.append(
        INBOX,
        {
            "kind": "sms",
            "to": [to],
            "from": message["source"],
            "text": message["userData"],
            "reference": message.get("refId", ""),
        },
    )
    return JsonResponse({"messageId": str(sequence), "resultCode": QUEUED, "description": "Queued"})
