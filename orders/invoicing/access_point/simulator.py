"""A Peppol access point: takes documents, looks at them, and shows what it has taken.

Collections: `peppol.documents` (number -> receiver, XML, when, what is wrong with it) and
`peppol.absent` (organisation numbers that are not in ELMA; everybody else is).
"""

import hmac
import xml.etree.ElementTree as ET
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path

from hmskort.common import clock
from hmskort.common.simulation import Store

TOKEN = "simulator-peppol-token"  # noqa: S105 - of the simulator, as in the portal's settings
DOCUMENTS = "peppol.documents"
ABSENT = "peppol.absent"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CBC = f"{{{UBL}CommonBasicComponents-2}}"
ROOTS = {f"{{{UBL}{name}-2}}{name}" for name in ("Invoice", "CreditNote")}
NEEDED = ("CustomizationID", "ProfileID", "ID", "IssueDate", "DocumentCurrencyCode")
LARGEST = 5_000_000


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The access point and its page."""
    point = AccessPoint(store)
    return [
        path("documents", point.take),
        path("_received/", point.received),
        path("_received/<str:number>.xml", point.one),
    ]


class AccessPoint:
    """Over one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def take(self, request: HttpRequest) -> HttpResponse:
        """POST: a document is on its way; once for each key."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), TOKEN.encode()):
            return JsonResponse({"code": "UNAUTHORIZED"}, status=401)
        if request.method != "POST":
            return HttpResponse(status=405)
        receiver = request.headers.get("Peppol-Receiver", "").removeprefix("0192:")
        if self.store.get(ABSENT, receiver):
            return JsonResponse({"code": "NOT_IN_ELMA"}, status=404)
        wrong = problems(request.body, receiver)
        if wrong:
            return JsonResponse({"code": "INVALID", "problems": wrong}, status=422)
        key = request.headers.get("Idempotency-Key", "")
        document = {
            "number": key,
            "receiver": receiver,
            "xml": request.body.decode(),
            "at": clock.now().isoformat(),
        }
        self.store.add(DOCUMENTS, key, document)
        return JsonResponse({"id": f"peppol-{key}"}, status=202)

    def received(self, request: HttpRequest) -> HttpResponse:
        """What was taken, newest first."""
        documents = [_shown(body) for _, body in self.store.all(DOCUMENTS)]
        documents.sort(key=lambda each: str(each["at"]), reverse=True)
        page = render_to_string("simulators/peppol/received.html", {"documents": documents})
        return HttpResponse(page)

    def one(self, request: HttpRequest, number: str) -> HttpResponse:
        """The document itself."""
        document = self.store.get(DOCUMENTS, number)
        if document is None:
            raise Http404
        return HttpResponse(document["xml"], content_type="application/xml")


def problems(body: bytes, receiver: str) -> list[str]:
    """What an access point refuses at once; the rules themselves are the receiver's to hold."""
    if len(body) > LARGEST or b"<!DOCTYPE" in body:
        return ["The document is too large, or has a document type."]
    try:
        root = ET.fromstring(body)  # noqa: S314 - no document type, so no entities
    except ET.ParseError:
        return ["The document is not well-formed."]
    if root.tag not in ROOTS:
        return ["The document is neither an invoice nor a credit note."]
    wrong = [f"{name} is missing." for name in NEEDED if not root.findtext(f"{CBC}{name}")]
    endpoints = [each.text for each in root.iter(f"{CBC}EndpointID")]
    if receiver not in endpoints[1:]:
        wrong.append("The receiver is not the buyer.")
    return wrong


def _shown(document: dict[str, Any]) -> dict[str, object]:
    root = ET.fromstring(document["xml"])  # noqa: S314 - was looked at when it was taken
    credit = root.tag.endswith("CreditNote")
    return {
        **document,
        "kind": "kreditnota" if credit else "faktura",
        "amount": next((each.text for each in root.iter(f"{CBC}PayableAmount")), ""),
        "kid": next((each.text for each in root.iter(f"{CBC}PaymentID")), ""),
    }
