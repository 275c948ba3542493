"""Where django-allauth asks the portal: who is this, and where do they go now?"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hmskort.accounts import actions, landing, sessions
from hmskort.accounts.failures import failure_page
from hmskort.accounts.id_porten.errors import LoginFailed, Reason
from hmskort.accounts.id_porten.provider import FinishedLogin, Provider
from hmskort.accounts.models import User


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A login at ID-porten becomes a user, or a page that says why not."""

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Provider:
        return Provider(request)

    def pre_social_login(self, request: HttpRequest, sociallogin: FinishedLogin) -> None:
        """The login is checked, and belongs to the user whose number it carries."""
        claims = sociallogin.said.claims
        if not claims.answers(sociallogin.state.get("nonce", "")):
            raise LoginFailed(Reason.BROKEN)
        if not claims.reaches(settings.ID_PORTEN["acr"]):
            raise LoginFailed(Reason.TOO_LOW)
        if claims.pid is None:
            raise LoginFailed(Reason.NO_NUMBER)
        sociallogin.user = actions.know_user(sub=claims.sub, national_id=claims.pid)
        sociallogin.account.user = sociallogin.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        reason = Reason.CANCELLED if error == AuthError.CANCELLED else Reason.BROKEN
        if isinstance(exception, LoginFailed):
            reason = exception.reason
        if reason == Reason.BROKEN and request.user.is_authenticated:
            raise ImmediateHttpResponse(redirect("accounts:login"))  # "back" after logging in
        raise ImmediateHttpResponse(failure_page(request, reason))


class AccountAdapter(DefaultAccountAdapter):
    """What happens around the session that allauth opens."""

    def post_login(self, request: Any, user: User, **kwargs: Any) -> HttpResponse:
        """The session is known to the history, and to ID-porten where the person came from there.

        Then they are shown in.
        """
        at_id_porten = (kwargs["signal_kwargs"] or {}).get("sociallogin")
        said = at_id_porten.said if at_id_porten else None
        before = getattr(request, "acted_before", None)
        sessions.begin(
            request.session,
            id_token=said.id_token if said else None,
            proved_at=said.claims.auth_time if said else None,
        )
        if before and before[0] == user.pk:
            sessions.choose(request.session, before[1])
        sid = said.claims.sid if said else None
        actions.log_in(user=user, sid=sid, session_key=request.session.session_key)
        actions.refresh_accesses(user=user)
        return landing.after_login(request, user, kwargs["redirect_url"])

    def logout(self, request: Any) -> None:
        """Who logs in anew while logged in goes on for the company that they had chosen."""
        before = request.user.pk, sessions.chosen_orgnr(request.session)
        super().logout(request)
        request.acted_before = before

    def get_login_stages(self) -> list[str]:
        """Between a password and the session stands the second factor, and nothing else."""
        return ["hmskort.accounts.orderers.second_factor.Stage"]

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        actions.refuse_login(user=user, reason=Reason.CLOSED)
        return failure_page(request, Reason.CLOSED)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Allauth's own messages are not shown."""
