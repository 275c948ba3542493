"""How often a password may be tried: by BestillerID and address together.

An attacker's wrong guesses therefore lock themselves out and not the orderer, who sits elsewhere.
Whether there is such a BestillerID makes no difference to what a visitor sees.
"""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from hmskort.common.references import ALPHABET

APP, ACTION = "allauth.account", "login_failed"


def begin(request: HttpRequest, what: str) -> ratelimit.RateLimitUsage | None:
    """One attempt is counted; None when there have been too many. `rollback` takes it back."""
    return ratelimit.consume(request, app=APP, action=ACTION, key=_key(request, what))


def is_locked(request: HttpRequest, what: str) -> bool:
    """Would the next attempt be one too many?"""
    key = _key(request, what)
    return not ratelimit.consume(request, app=APP, action=ACTION, key=key, dry_run=True)


def _key(request: HttpRequest, what: str) -> str:
    # However it is spelled, one BestillerID has one count.
    what = "".join(mark for mark in what.upper() if mark in ALPHABET)
    return f"{what}:{ratelimit.get_ip(request)}"
