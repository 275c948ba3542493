"""Who it is that sits there is asked again before what opens the account is changed."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hmskort.accounts import sessions
from hmskort.accounts.access import View, logged_in
from hmskort.accounts.landing import is_ours
from hmskort.accounts.orderers import attempts, queries
from hmskort.accounts.orderers.forms import ProveForm
from hmskort.accounts.orderers.views.entering import LOCKED_STATUS
from hmskort.accounts.requests import LoggedInRequest


def proved(view: View) -> View:
    """Only who showed a moment ago who they are may use the view; others do so and come back."""

    @wraps(view)
    def gated(request: LoggedInRequest, *args: object, **kwargs: object) -> Any:
        if sessions.is_fresh(request.session):
            return view(request, *args, **kwargs)
        back = urlencode({"next": request.path})
        return HttpResponseRedirect(f"{reverse('orderers:prove')}?{back}")

    return gated


@logged_in
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: LoggedInRequest) -> HttpResponse:
    """The password once more, or ID-porten once more; then on to what was wanted."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    wanted = wanted if is_ours(request, wanted) else reverse("orderers:profile")
    has_password = request.user.has_usable_password()
    form = ProveForm(request.POST if request.method == "POST" and has_password else None)
    status = 200
    if form.is_valid():
        attempt = attempts.begin(request, attempts.by_proof(request.user))
        if attempt and request.user.check_password(form.cleaned_data["password"]):
            attempt.rollback()
            sessions.note_proved(request.session)
            return HttpResponseRedirect(wanted)
        form.add_error("password", _wrong(tried=attempt is not None))
        status = 422 if attempt else LOCKED_STATUS
    elif form.errors:
        status = 422
    shown = {
        "form": form if has_password else None,
        "at_id_porten": queries.can_use_id_porten(request.user),
        "next": wanted,
    }
    return render(request, "orderers/prove.html", shown, status=status)


def _wrong(*, tried: bool) -> str:
    if tried:
        return _("Passordet er feil.")
    return _("Du har skrevet feil for mange ganger. Vent et kvarter og prøv igjen.")
