"""Setting up, changing and switching off the way in with a password."""

from typing import Any

from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hmskort.accounts import actions as accounts
from hmskort.accounts.access import logged_in
from hmskort.accounts.orderers import queries, second_factor
from hmskort.accounts.orderers.actions import passwords
from hmskort.accounts.orderers.forms import NewPasswordForm, SetUpForm
from hmskort.accounts.orderers.views.entering import require_password_way
from hmskort.accounts.orderers.views.proving import proved
from hmskort.accounts.requests import LoggedInRequest

SENSITIVE = ("password", "again")


@logged_in
@proved
@sensitive_post_parameters(*SENSITIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: LoggedInRequest) -> HttpResponse:
    """A password and a second factor in one; the recovery codes are shown once."""
    require_password_way()
    secret = get_totp_secret()
    given = request.POST if request.method == "POST" else None
    form = SetUpForm(given, user=request.user, secret=secret)
    if request.method == "POST" and form.is_valid():
        codes = passwords.set_up(
            user=request.user,
            password=form.cleaned_data["password"],
            secret=secret,
            step=form.step,
            actor=request.actor,
        )
        clear_totp_secret(request)
        _go_on(request)
        return _codes_page(request, codes)
    shown = {
        "form": form,
        "scan": second_factor.to_scan(request.user, secret),
        "orderers": queries.orderers_of(request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "orderers/set_up.html", shown, status=status)


@logged_in
@proved
@sensitive_post_parameters(*SENSITIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: LoggedInRequest) -> HttpResponse:
    """A new password; every other session is over."""
    require_password_way()
    if not request.user.has_usable_password():
        return redirect("orderers:set_up")
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        passwords.change_password(
            user=request.user, password=form.cleaned_data["password"], actor=request.actor
        )
        _go_on(request)
        messages.success(request, _("Passordet er byttet, og du er logget ut alle andre steder."))
        return redirect("orderers:profile")
    status = 422 if form.errors else 200
    return render(request, "orderers/change_password.html", {"form": form}, status=status)


@logged_in
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def switch_off(request: LoggedInRequest) -> HttpResponse:
    """Asks, and leaves ID-porten as the only way in; who has no other way keeps the password."""
    require_password_way()
    if not request.user.has_usable_password() or not queries.can_use_id_porten(request.user):
        return redirect("orderers:profile")
    if request.method != "POST":
        return render(request, "orderers/switch_off.html")
    passwords.switch_off(user=request.user, actor=request.actor)
    _go_on(request)
    messages.success(request, _("Innlogging med passord er slått av."))
    return redirect("orderers:profile")


@logged_in
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: LoggedInRequest) -> HttpResponse:
    """Asks, and makes new recovery codes, shown once."""
    require_password_way()
    if not second_factor.has_one(request.user):
        return redirect("orderers:set_up")
    if request.method != "POST":
        return render(request, "orderers/new_recovery_codes.html")
    codes = passwords.new_recovery_codes(user=request.user, actor=request.actor)
    return _codes_page(request, codes)


def _codes_page(request: LoggedInRequest, codes: list[str]) -> HttpResponse:
    return render(request, "orderers/recovery_codes.html", {"codes": codes})


def _go_on(request: Any) -> None:
    """This session goes on under a new key; those that know the password before are over."""
    before = request.session.session_key
    request.user.refresh_from_db(fields=["password"])
    update_session_auth_hash(request, request.user)
    accounts.follow_session(before=before, now=request.session.session_key)
