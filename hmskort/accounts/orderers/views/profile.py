"""Min profil: who I am, my BestillerIDs, how I am reached."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hmskort.accounts.access import logged_in
from hmskort.accounts.orderers import queries
from hmskort.accounts.orderers.actions import registering
from hmskort.accounts.orderers.errors import TooSoon
from hmskort.accounts.requests import LoggedInRequest


@logged_in
@require_GET
def profile(request: LoggedInRequest) -> HttpResponse:
    """All that the portal knows of the person as an orderer, and the ways to change it."""
    shown = {
        "orderers": queries.orderers_of(request.user),
        "waiting": queries.waiting_address(request.user),
    }
    return render(request, "orderers/profile.html", shown)


@logged_in
@require_POST
def send_again(request: LoggedInRequest, orderer: int) -> HttpResponse:
    """The BestillerID is e-mailed once more."""
    row = queries.orderers_of(request.user).filter(pk=orderer).first()
    if row is None:
        raise Http404
    try:
        registering.send_again(orderer=row, actor=request.actor)
    except TooSoon:
        messages.info(
            request, _("Vi sendte den for et øyeblikk siden. Vent litt før du prøver igjen.")
        )
    else:
        messages.success(request, _("BestillerID-en er sendt på e-post."))
    return redirect("orderers:profile")
