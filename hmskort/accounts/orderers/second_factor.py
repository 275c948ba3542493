"""The second factor, kept by allauth: compulsory with a password, and never shown by its pages.

Who comes from ID-porten has shown two factors there.
"""

from typing import Any

import segno
from allauth.account.internal.stagekit import clear_login
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hmskort.accounts.models import User
from hmskort.common import sealed

SECRET_GROUP = 4  # characters, where the secret is typed


class Adapter(DefaultMFAAdapter):
    """What allauth stores of a second factor is sealed."""

    def encrypt(self, text: str) -> str:
        return sealed.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.unseal(encrypted_text)


class Stage(AuthenticateStage):
    """A password alone opens no session: a code is asked for, or a recovery code."""

    urlname = "orderers:second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if "sociallogin" in (self.login.signal_kwargs or {}):
            return None, True
        return redirect(self.urlname), True

    def abort(self) -> HttpResponse:
        clear_login(self.request)
        return redirect("orderers:password_login")


def has_one(user: User) -> bool:
    """Has the person a second factor of their own?"""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def recovery_codes(user: User) -> list[str]:
    """The recovery codes that are not used yet."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(row.wrap().get_unused_codes()) if row else []


def step_of(secret: str, code: str) -> int:
    """Which of the app's codes it is, counted in half minutes since 1970; 0 when it is none now."""
    step: int
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return 0


def to_scan(user: User, secret: str) -> dict[str, Any]:
    """The secret as a picture to scan, as a link for a telephone, and in groups to type."""
    address = Adapter().build_totp_url(user, secret)
    groups = [secret[at : at + SECRET_GROUP] for at in range(0, len(secret), SECRET_GROUP)]
    return {
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=2),
        "address": address,
        "typed": " ".join(groups),
    }


def current_stage(request: HttpRequest) -> Stage:
    """The stage that `login_stage_required` has found."""
    stage: Stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - allauth's
    return stage
