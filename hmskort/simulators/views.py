"""The simulator site's own pages: what there is, who can log in, fault switches, and the inbox.

Pages are rendered without a request: nothing of the portal's context belongs here.
"""

import base64
import json
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hmskort.common import clock
from hmskort.common.simulation import INBOX, PEOPLE, Document, FeedItem
from hmskort.simulators.faults import set_fault
from hmskort.simulators.models import Fault
from hmskort.simulators.outgoing import MailForm, handed_over, written
from hmskort.simulators.services import SERVICES
from hmskort.simulators.store import Store

SHOWN = 100
DELIVERED = 204
INBOX_SERVICE = "mail"
SWITCHES = {**{service.key: service.title for service in SERVICES}, INBOX_SERVICE: "E-post"}
SAFE_TO_SHOW = {"application/pdf", "image/png", "image/jpeg", "text/plain"}


def _page(name: str, **context: Any) -> HttpResponse:
    text = render_to_string(f"simulators/{name}.html", {"portal_url": settings.BASE_URL, **context})
    return HttpResponse(text)


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    faults = {fault.service: fault for fault in Fault.objects.all()}
    switches = [
        {"key": key, "title": title, "fault": faults.get(key)} for key, title in SWITCHES.items()
    ]
    return _page(
        "front",
        switches=switches,
        modes=Fault.Mode.choices,
        people=[person for person in _people() if person["logs_in"] and "#" not in person["case"]],
    )


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, or those whose name, case or story holds the words searched for."""
    words = request.GET.get("q", "").casefold().split()
    found = [
        person
        for person in _people()
        if all(
            word in f"{person['name']} {person['case']} {person['about']}".casefold()
            for word in words
        )
    ]
    return _page("people", people=found, q=request.GET.get("q", ""))


def _people() -> list[Document]:
    people = [{"national_id": key, **body} for key, body in Store().all(PEOPLE)]
    return sorted(people, key=lambda person: int(person["place"]))


@require_POST
def switch(request: HttpRequest, service: str) -> HttpResponse:
    """Sets a fault: a form from the page, or JSON `{"mode": ..., "seconds": ...}`."""
    if service not in SWITCHES:
        raise Http404
    from_page = request.content_type != "application/json"
    try:
        given = request.POST if from_page else json.loads(request.body)
        seconds = given.get("seconds")
        set_fault(service, given["mode"], float(seconds) if seconds not in (None, "") else None)
    except (ValueError, KeyError) as fault:
        return JsonResponse({"error": str(fault)}, status=400)
    if from_page:
        return HttpResponseRedirect(f"{reverse('front')}#brytere")
    return JsonResponse({"service": service, "mode": given["mode"]})


@require_POST
def receive_mail(request: HttpRequest) -> HttpResponse:
    message = json.loads(request.body)
    return JsonResponse({"id": Store().append(INBOX, message)}, status=201)


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("to", "").strip()
    return _page("inbox", messages=_messages(to), to=to)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """A mail to the portal's caseworkers; when it is not taken, the same one can be sent again."""
    sent = request.method == "POST"
    form = MailForm(request.POST, request.FILES) if sent else MailForm()
    if not sent or not form.is_valid():
        return _page("write", form=form)
    message = written(form.cleaned_data)
    answer = handed_over(message)
    if answer == DELIVERED:
        return _page("write", form=MailForm(), answer=answer)
    again = {**form.cleaned_data, "message_id": message["Message-ID"]}
    return _page("write", form=MailForm(initial=again), answer=answer)


@require_GET
def inbox_json(request: HttpRequest) -> HttpResponse:
    """The messages as sent, newest first, without what is attached."""
    return JsonResponse({"messages": _messages(request.GET.get("to", "").strip())})


@require_GET
def message(request: HttpRequest, sequence: int) -> HttpResponse:
    return _page("message", message=_described(_message(sequence)))


@require_GET
def message_html(request: HttpRequest, sequence: int) -> HttpResponse:
    """The HTML of a mail, alone, in a frame that may run nothing."""
    response = HttpResponse(_message(sequence).body.get("html", ""))
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; sandbox "
        "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    )
    return response


@require_GET
def attachment(request: HttpRequest, sequence: int, number: int) -> HttpResponse:
    attachments = _message(sequence).body.get("attachments", [])
    if number >= len(attachments):
        raise Http404
    found = attachments[number]
    kind = found["type"] if found["type"] in SAFE_TO_SHOW else "application/octet-stream"
    response = HttpResponse(base64.b64decode(found["content"]), content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _messages(to: str) -> list[Document]:
    """The newest messages, all or those to an address (a part of it is enough)."""
    exact = Store().newest(INBOX, SHOWN, {"to": [to]} if to else {})
    if to and not exact:
        items = Store().newest(INBOX, SHOWN * 10, {})
        exact = [item for item in items if to.casefold() in " ".join(item.body["to"]).casefold()]
    return [_described(item) for item in exact[:SHOWN]]


def _message(sequence: int) -> FeedItem:
    found = Store().after(INBOX, sequence - 1, 1)
    if not found or found[0].sequence != sequence:
        raise Http404
    return found[0]


def _described(item: FeedItem) -> Document:
    attachments = [
        {"name": each["name"], "type": each["type"]} for each in item.body.get("attachments", [])
    ]
    words = chain.from_iterable(line.split() for line in item.body["text"].splitlines())
    links = [word.strip("<>().,") for word in words if word.startswith(("http://", "https://"))]
    return {
        **item.body,
        "id": item.sequence,
        "at": item.at,
        "when": f"{datetime.fromisoformat(item.at).astimezone(clock.OSLO):%d.%m.%Y %H:%M}",
        "attachments": attachments,
        "links": links,
    }
