"""The fault switches: one per service, in front of everything the service answers.

A fault that takes time is only marked on the answer (`Simulated-Delay`); the site's outermost
middleware waits, and the transport of in-process tests compares with the caller's time-out.
"""

import functools
import time
from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from hmskort.simulators.models import Fault
from hmskort.simulators.twists import twisted

DELAY_HEADER = "Simulated-Delay"  # seconds
USUAL_S = {"slow": 2.0, "silent": 30.0, "lost": 30.0, "429": 5.0}
WRONG_CONTENT = {
    Fault.Mode.WRONG_SUBJECT,
    Fault.Mode.WRONG_DATES,
    Fault.Mode.WRONG_CODE,
    Fault.Mode.WRONG_EMPTY,
}
RETRY_AFTER_PER_S = {"folkeregisteret": 1000}  # its Retry-After is in milliseconds

View = Callable[..., HttpResponseBase]


def set_fault(service: str, mode: str, seconds: float | None = None) -> None:
    """The service misbehaves from now; mode `off` heals it. ValueError names the modes."""
    if mode == "off":
        Fault.objects.filter(service=service).delete()
        return
    if mode not in Fault.Mode.values:
        raise ValueError(f"modes: off, {', '.join(Fault.Mode.values)}")
    usual = USUAL_S.get(mode, 0.0)
    Fault.objects.update_or_create(
        service=service,
        defaults={"mode": mode, "seconds": usual if seconds is None else seconds},
    )


def behind_faults(service: str, view: View) -> View:
    """The view, answering only while its service has no fault, or after a while if it is slow."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        fault = Fault.objects.filter(service=service).first()
        if fault is None:
            return view(request, *args, **kwargs)
        if fault.mode in {Fault.Mode.SLOW, Fault.Mode.LOST}:
            response = view(request, *args, **kwargs)
            response[DELAY_HEADER] = str(fault.seconds)
            return response
        if fault.mode in WRONG_CONTENT:
            wrong = twisted(service, fault.mode, view(request, *args, **kwargs))
            return wrong or _faulty(fault)
        return _faulty(fault)

    return answer


def _faulty(fault: Fault) -> HttpResponse:
    match Fault.Mode(fault.mode):
        case Fault.Mode.SILENT:
            return HttpResponse(status=504, headers={DELAY_HEADER: str(fault.seconds)})
        case Fault.Mode.SERVER_ERROR:
            return JsonResponse({"melding": "Feil i tjenesten."}, status=500)
        case Fault.Mode.THROTTLED:
            return JsonResponse(
                {"melding": "For mange kall."},
                status=429,
                headers={"Retry-After": str(_retry_after(fault))},
            )
        case Fault.Mode.GARBAGE:
            return HttpResponse(b'{"navn": [\x00\xff', content_type="application/json")
        case Fault.Mode.WALL:
            page = "<html><body>The requested URL was rejected. Support ID: 4711</body></html>"
            return HttpResponse(page, status=403)
        case _:  # also where a service has nothing that can be wrong in that way
            return JsonResponse({"uventet": [{"form": True}]})


def _retry_after(fault: Fault) -> int:
    return round(fault.seconds * RETRY_AFTER_PER_S.get(fault.service, 1))


class Waiting:
    """The outermost middleware: holds back an answer that a fault has marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.has_header(DELAY_HEADER):
            connections.close_all()  # those who wait must not use up the pool
            time.sleep(float(response[DELAY_HEADER]))
        return response
