"""The page where somebody without Norwegian electronic ID asks to be let in."""

from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hmskort.accounts.access import public
from hmskort.accounts.orderers.views.entering import LOCKED_STATUS, require_password_way
from hmskort.common.uploads.files import NoRoom
from hmskort.desk import admission
from hmskort.desk.admission_forms import AdmissionForm

RATE = {"apply": "10/h/ip"}  # each takes a look at a file that may be hostile


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Any) -> HttpResponse:
    """The application; what was typed wrong is told beside its field."""
    require_password_way()
    if request.method != "POST":
        return _page(request, AdmissionForm(), 200)
    if not ratelimit.consume(request, app="hmskort.desk", action="apply", config=RATE):
        return render(request, "desk/admission_too_many.html", status=LOCKED_STATUS)
    form = AdmissionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        admission.apply(
            applicant=form.applicant,
            pictures=form.pictures,
            language=(get_language() or "nb")[:2],
            actor=request.actor,
        )
    except NoRoom:
        form.add_error(None, _("Vi kan ikke ta imot filer akkurat nå. Prøv igjen om litt."))
        return _page(request, form, 503)
    return redirect("desk:admission_sent")


@public
@require_GET
def sent(request: Any) -> HttpResponse:
    """What happens now; the same whoever asks."""
    require_password_way()
    return render(request, "desk/admission_sent.html")


def _page(request: Any, form: AdmissionForm, status: int) -> HttpResponse:
    return render(request, "desk/admission.html", {"form": form}, status=status)
