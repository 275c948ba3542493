"""In with BestillerID and password, and then a code."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hmskort.accounts.access import public
from hmskort.accounts.landing import after_login, is_ours
from hmskort.accounts.models import User
from hmskort.accounts.orderers import attempts, second_factor
from hmskort.accounts.orderers.actions import passwords
from hmskort.accounts.orderers.forms import CodeForm, PasswordLoginForm
from hmskort.common import clock

LOCKED_STATUS = 429


def require_password_way() -> None:
    """The page exists while orderers may log in with a password.

    Raises:
        Http404: ID-porten is the only way in.
    """
    if not settings.PASSWORD_LOGIN:
        raise Http404


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password_login(request: Any) -> HttpResponse:
    """BestillerID and password; the answer to wrong ones tells nobody which BestillerIDs exist."""
    require_password_way()
    wanted = request.POST.get("next") or request.GET.get("next", "")
    wanted = wanted if is_ours(request, wanted) else ""
    if request.user.is_authenticated:
        return after_login(request, request.user, wanted)
    form = PasswordLoginForm(request.POST if request.method == "POST" else None)
    shown: dict[str, object] = {"form": form, "next": wanted}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "orderers/password_login.html", shown, status=status)
    number, password = form.cleaned_data["number"], form.cleaned_data["password"]
    attempt = attempts.begin(request, attempts.by_number(request, number))
    if attempt is None:
        return render(
            request, "orderers/password_login.html", {**shown, "locked": True}, status=LOCKED_STATUS
        )
    user = passwords.user_with(number, password)
    if user is None:
        return _refused(request, number, shown)
    attempt.rollback()
    login = Login(user=user, redirect_url=wanted or None)
    response: HttpResponse = perform_password_login(request, {}, login)
    return response


def _refused(request: HttpRequest, number: str, shown: dict[str, object]) -> HttpResponse:
    """Wrong: the fifth time the owner hears of it, if there is one."""
    locked = attempts.is_locked(request, attempts.by_number(request, number))
    owner = passwords.owner_of(number) if locked else None
    if owner:
        passwords.tell_of_wrong_passwords(user=owner, at=clock.now())
    errors = [{"text": _("BestillerID-en eller passordet er feil."), "href": "#id_number"}]
    page = {**shown, "errors": [] if locked else errors, "locked": locked}
    status = LOCKED_STATUS if locked else 422
    return render(request, "orderers/password_login.html", page, status=status)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=second_factor.Stage.key, redirect_urlname="accounts:login")
def second_code(request: Any) -> HttpResponse:
    """The code of the second factor; a right one opens the session."""
    require_password_way()
    stage = second_factor.current_stage(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        user = stage.login.user
        attempt = attempts.begin(request, attempts.by_person(user))
        typed = "".join(form.cleaned_data["code"].split())
        used = passwords.use_code(user=user, typed=typed) if attempt else None
        if attempt and used:
            attempt.rollback()
            post_authentication(request, used)
            response: HttpResponse = stage.exit()
            return response
        status = _wrong_code(request, user, form, tried=attempt is not None)
    elif form.errors:
        status = 422
    return render(request, "orderers/second_factor.html", {"form": form}, status=status)


def _wrong_code(request: HttpRequest, user: User, form: CodeForm, *, tried: bool) -> int:
    """Wrong: the fifth time the owner hears that somebody has their password. The status."""
    if tried:
        form.add_error("code", _("Koden stemmer ikke. Vent på en ny kode i appen, og prøv igjen."))
        if attempts.is_locked(request, attempts.by_person(user)):
            passwords.tell_of_wrong_codes(user=user, at=clock.now())
        return 422
    form.add_error(
        "code", _("Du har skrevet feil for mange ganger. Vent et kvarter og prøv igjen.")
    )
    return LOCKED_STATUS
