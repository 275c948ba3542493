"""A one-time code from a letter, or from the desk, opens an account."""

from typing import Any

from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hmskort.accounts import actions as accounts
from hmskort.accounts import sessions
from hmskort.accounts.access import public
from hmskort.accounts.orderers import attempts, queries, second_factor
from hmskort.accounts.orderers.actions import codes
from hmskort.accounts.orderers.errors import CodeNotOpen, MayNotHaveCode
from hmskort.accounts.orderers.forms import EntryCodeForm, SetUpForm
from hmskort.accounts.orderers.models import EntryCode
from hmskort.accounts.orderers.views.entering import LOCKED_STATUS, require_password_way
from hmskort.common import clock

OPENING = "opening"  # in the session: the code that was typed right
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: Any) -> HttpResponse:
    """The code as it stands in the letter; a right one leads on to password and second factor."""
    require_password_way()
    form = EntryCodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        attempt = attempts.begin(request, attempts.by_address(request))
        code = codes.open_code(form.cleaned_data["entry_code"]) if attempt else None
        if attempt and code:
            attempt.rollback()
            request.session[OPENING] = code.pk
            return redirect("orderers:open_account")
        status = 422 if attempt else LOCKED_STATUS
        form.add_error(
            "entry_code",
            _("Koden er feil, brukt eller for gammel.")
            if attempt
            else _("Du har skrevet feil for mange ganger. Vent et kvarter og prøv igjen."),
        )
    if form.errors and status == 200:
        status = 422
    return render(request, "orderers/enter_code.html", {"form": form}, status=status)


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def open_account(request: Any) -> HttpResponse:
    """Password and second factor are chosen, and the person is in; recovery codes shown once."""
    require_password_way()
    code = EntryCode.objects.select_related("user").filter(pk=request.session.get(OPENING)).first()
    if code is None or not code.is_open(clock.today()):
        request.session.pop(OPENING, None)
        return redirect("orderers:enter_code")
    secret = get_totp_secret()
    given = request.POST if request.method == "POST" else None
    form = SetUpForm(given, user=code.user, secret=secret)
    if request.method == "POST" and form.is_valid():
        try:
            recovery = codes.open_account(
                code=code,
                password=form.cleaned_data["password"],
                secret=secret,
                step=form.step,
            )
        except CodeNotOpen:
            return redirect("orderers:enter_code")
        except MayNotHaveCode:
            messages.error(request, _("Koden gjelder ikke lenger. Ta kontakt med oss."))
            return redirect("orderers:enter_code")
        return _let_in(request, code, recovery)
    shown = {
        "form": form,
        "scan": second_factor.to_scan(code.user, secret),
        "code": code,
        "orderers": queries.orderers_of(code.user),
    }
    status = 422 if form.errors else 200
    return render(request, "orderers/open_account.html", shown, status=status)


def _let_in(request: Any, code: EntryCode, recovery: list[str]) -> HttpResponse:
    """Two factors were just chosen here, so the session begins at once, under a new key."""
    user = code.user
    user.refresh_from_db()
    clear_totp_secret(request)
    request.session.pop(OPENING, None)
    login(request, user, BACKEND)
    sessions.begin(request.session, id_token=None)
    sessions.choose(request.session, code.orgnr)
    accounts.log_in(user=user, sid=None, session_key=request.session.session_key)
    return render(request, "orderers/recovery_codes.html", {"codes": recovery})
