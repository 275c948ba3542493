"""In through ID-porten, and out of both places."""

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hmskort.accounts import actions, sessions
from hmskort.accounts.access import public
from hmskort.accounts.failures import failure_page
from hmskort.accounts.id_porten.errors import Reason
from hmskort.accounts.id_porten.provider import Adapter, Provider, id_porten
from hmskort.accounts.landing import after_login, is_ours
from hmskort.accounts.requests import PortalRequest
from hmskort.common.services import ServiceError

AFTER_LOGIN = "next"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The page that explains, and the button that leads to ID-porten."""
    wanted = request.POST.get(AFTER_LOGIN) or request.GET.get(AFTER_LOGIN, "")
    wanted = wanted if is_ours(request, wanted) else ""
    if request.method != "POST":
        if request.user.is_authenticated:
            return after_login(request, request.user, wanted)
        shown = {"next": wanted, "password_way": settings.PASSWORD_LOGIN}
        return render(request, "accounts/login.html", shown)
    try:
        response: HttpResponse = Provider(request).redirect(request, "login", wanted or None)
    except ServiceError:
        return failure_page(request, Reason.SILENT)
    return response


@public
@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Back from ID-porten: logged in, or a page that says why not."""
    try:
        response: HttpResponse = OAuth2CallbackView.adapter_view(Adapter(request))(request)
    except ServiceError:
        return failure_page(request, Reason.SILENT)
    return response


@public
@never_cache
@require_POST
def logout(request: PortalRequest) -> HttpResponse:
    """Logged out here at once; the page that follows does the same at ID-porten.

    The token that tells ID-porten whose session it is holds the identity number, so it is posted
    by the browser and never stands in an address.
    """
    if not request.user.is_authenticated:
        return redirect("accounts:logged_out")
    hint = sessions.logout_hint(request.session)
    actions.log_out(user=request.user, session_key=request.session.session_key, actor=request.actor)
    sessions.end(request)
    try:
        end_session_url = id_porten().metadata().end_session_url if hint else None
    except ServiceError:
        end_session_url = None
    if end_session_url is None:
        return redirect("accounts:logged_out")
    return render(
        request,
        "accounts/leaving.html",
        {
            "end_session_url": end_session_url,
            "id_token_hint": hint,
            "back": settings.BASE_URL + reverse("accounts:logged_out"),
        },
    )


@public
@require_GET
def logged_out(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/logged_out.html")


@public
@never_cache
@xframe_options_exempt
@csp_replace({"frame-ancestors": [settings.ID_PORTEN_ORIGIN]})
@require_GET
def front_channel_logout(request: HttpRequest) -> HttpResponse:
    """ID-porten says, in a frame and without our cookies, that a session is over.

    The answer is the same whether the session was known or not.
    """
    if request.GET.get("iss") == settings.ID_PORTEN["issuer"]:
        actions.end_login(sid=request.GET.get("sid", ""))
    return HttpResponse("OK", content_type="text/plain")
