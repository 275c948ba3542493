"""ID-porten inside django-allauth: allauth keeps the flow, its state and PKCE; this adds the rest.

What ID-porten asks for and allauth's own provider lacks: a nonce that is sent and checked, a level
that a visitor cannot lower, discovery that is remembered, a signature that is always checked, and
nothing of the token stored.
"""

import logging
import secrets
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from hmskort.accounts.id_porten.client import Client, Login
from hmskort.accounts.id_porten.errors import LoginFailed, Reason
from hmskort.accounts.models import User
from hmskort.common.services import ServiceError, Unavailable, client_from

log = logging.getLogger(__name__)

PROVIDER = "id_porten"
SCOPE = ["openid", "profile"]
LANGUAGES = {"nb": "nb", "nn": "nn", "en": "en"}  # of ID-porten's own


def id_porten() -> Client:
    """The client that the settings name."""
    made: Client = client_from({k: v for k, v in settings.ID_PORTEN.items() if k != "acr"})
    return made


class FinishedLogin(SocialLogin):
    """allauth's login with what ID-porten said, which is never stored."""

    said: Login


class Adapter(OAuth2Adapter):
    """The addresses of the flow, the trade of the code, and what it ends with."""

    provider_id = PROVIDER

    def get_provider(self) -> "Provider":
        return Provider(self.request)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return settings.BASE_URL + reverse("accounts:callback")

    @property
    def authorize_url(self) -> str:
        return id_porten().metadata().authorize_url

    @property
    def access_token_url(self) -> str:
        return id_porten().metadata().token_url

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: SocialApp,
        client: OAuth2Client,
        pkce_code_verifier: str | None = None,
    ) -> dict[str, Any]:
        """The finished login, in allauth's shape; its access token is not wanted."""
        return {"access_token": "", "said": _traded(request, client, pkce_code_verifier or "")}

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> FinishedLogin:
        said: Login = kwargs["response"]["said"]
        account = SocialAccount(provider=PROVIDER, uid=said.claims.sub, extra_data={})
        finished = FinishedLogin(user=User(), account=account, provider=self.get_provider())
        finished.said = said
        return finished


class Provider(OpenIDConnectProvider):
    """ID-porten as the settings describe it; the visitor can change nothing of what we ask for."""

    id = PROVIDER
    oauth2_adapter_class = Adapter
    supports_token_authentication = False
    pkce_enabled_default = True

    def __init__(self, request: HttpRequest | None, app: SocialApp | None = None) -> None:
        super().__init__(
            request,
            app
            or SocialApp(
                provider=PROVIDER,
                provider_id=PROVIDER,
                name="ID-porten",
                client_id=settings.ID_PORTEN["client_id"],
                settings={"oauth_pkce_enabled": True, "scope": SCOPE},
            ),
        )

    def get_oauth2_adapter(self, request: HttpRequest) -> Adapter:
        return Adapter(request)

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Off to ID-porten, whatever the address says; the nonce waits in the session.

        Who is logged in here already shows there anew who they are: that is what they come for.
        """
        nonce = secrets.token_urlsafe(32)
        asked = {
            "acr_values": settings.ID_PORTEN["acr"],
            "ui_locales": LANGUAGES.get(get_language() or "", "nb"),
            "nonce": nonce,
        }
        if request.user.is_authenticated:
            asked["prompt"] = "login"
        response: HttpResponse = super().redirect(
            request, process, next_url, data, scope=SCOPE, auth_params=asked, nonce=nonce
        )
        return response


def _traded(request: HttpRequest, client: OAuth2Client, verifier: str) -> Login:
    try:
        return id_porten().login(
            code=request.GET["code"], code_verifier=verifier, redirect_uri=client.callback_url
        )
    except Unavailable:
        raise LoginFailed(Reason.SILENT) from None
    except ServiceError as error:
        log.warning("the login could not be completed: %s", error)
        raise LoginFailed(Reason.BROKEN) from None
