"""The pages where facts are changed, and the same over HTTP as JSON.

    POST /_hand/<what>  {"national_id" or "orgnr", ...}  -> 200 {"what", "feed"} | 400 {"error"}
    GET  /_hand/        what there is, and which fields each takes

Identity numbers stand in bodies alone: a person's page is found by their place in the world.
"""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_GET, require_POST

from hmskort.simulators.hand import NotPossible, pages
from hmskort.simulators.hand.forms import HANDS, Hand
from hmskort.simulators.store import Store
from registers.enhetsregisteret.simulator import UNITS

PAGES: dict[str, Callable[..., pages.Page]] = {"person": pages.person, "company": pages.company}


@require_GET
def companies(request: HttpRequest) -> HttpResponse:
    """Every main unit, or those whose name, number or form holds what was searched for."""
    words = request.GET.get("q", "").casefold().split()
    found = [
        {"orgnr": orgnr, "name": unit["navn"], "form": unit["organisasjonsform"]["kode"]}
        for orgnr, unit in Store().all(UNITS)
        if all(
            word in f"{orgnr} {unit['navn']} {unit['organisasjonsform']['kode']}".casefold()
            for word in words
        )
    ]
    return _rendered("companies", companies=found, q=request.GET.get("q", ""))


@require_GET
def person(request: HttpRequest, place: int) -> HttpResponse:
    return _shown(request, pages.person(Store(), place))


@require_GET
def company(request: HttpRequest, orgnr: str) -> HttpResponse:
    return _shown(request, pages.company(Store(), orgnr))


@require_GET
def hands(request: HttpRequest) -> HttpResponse:
    """What the hand can do, for programs."""
    described = [
        {
            "what": what,
            "title": hand.title,
            "fields": {
                name: {"required": field.required, "choices": _choices(field)}
                for name, field in hand.base_fields.items()
            },
            "feed": hand.feed or None,
        }
        for what, hand in HANDS.items()
    ]
    return JsonResponse({"hands": described})


@require_POST
def change(request: HttpRequest, what: str) -> HttpResponse:
    """It happens: as a form of a page, which comes back, or as JSON."""
    if what not in HANDS:
        raise Http404
    if request.content_type != "application/json":
        return _from_page(request, HANDS[what](data=request.POST))
    try:
        form = HANDS[what](data=_texts(json.loads(request.body)))
    except (ValueError, AttributeError):
        return JsonResponse({"error": "the body is no JSON object"}, status=400)
    if not _done(form):
        return JsonResponse({"error": form.errors}, status=400)
    return JsonResponse({"what": what, "feed": form.feed or None})


def _from_page(request: HttpRequest, form: Hand) -> HttpResponse:
    """Back to the page it came from, with the news or with what was wrong."""
    path = request.POST.get("page", "")
    try:
        match = resolve(path)
        page = PAGES[match.url_name or ""]
    except (Resolver404, KeyError):
        raise Http404 from None
    if _done(form):
        return HttpResponseRedirect(f"{path}?done={form.what}")
    shown = page(Store(), **match.kwargs, sent=form)
    return _rendered("subject", status=400, page=shown, path=path)


def _done(form: Hand) -> bool:
    """Has it happened? If not, the form says why."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            form.do(Store())
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _shown(request: HttpRequest, page: pages.Page) -> HttpResponse:
    done = HANDS.get(request.GET.get("done", ""))
    return _rendered("subject", page=page, path=request.path, done=done)


def _rendered(name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page, made without a request: nothing of the portal's context belongs here."""
    text = render_to_string(f"simulators/{name}.html", {"portal_url": settings.BASE_URL, **context})
    return HttpResponse(text, status=status)


def _texts(given: dict[str, Any]) -> dict[str, str]:
    """JSON's values as a form would send them."""
    return {
        name: json.dumps(value) if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if value is not None
    }


def _choices(field: Any) -> list[str] | None:
    choices = getattr(field, "choices", None)
    return [str(value) for value, _ in choices] if choices else None
