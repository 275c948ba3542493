"""How often a secret may be tried, counted in Valkey.

While Valkey is silent nothing is tried: `SilenceMiddleware` makes its error the page that says so.

A password is counted by BestillerID and address together. An attacker's wrong guesses therefore
lock themselves out and not the orderer, who sits elsewhere. Whether there is such a BestillerID
makes no difference to what a visitor sees. A code of the second factor is counted by person: who
guesses at it has shown the password, from wherever. The password that somebody who is logged in
tells once more has a count of its own: the owner, told of such guesses, must be able to change it.

What was right is taken back alone: the wrong tries before it, and everybody else's from the same
address, stand until they are old.
"""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

from hmskort.accounts.models import User
from hmskort.common.references import ALPHABET

RATE = "30/m/ip,5/900s/key"


def begin(request: HttpRequest, key: str) -> RateLimitUsage | None:
    """One attempt is counted; None when there have been too many. `rollback` takes it back."""
    return counted(request, RATE, key=key)


def is_locked(request: HttpRequest, key: str) -> bool:
    """Would the next attempt be one too many?"""
    return not counted(request, RATE, key=key, dry_run=True)


def counted(
    request: HttpRequest, rate: str, *, key: str | None = None, dry_run: bool = False
) -> RateLimitUsage | None:
    """One more of what may be done so often; None when that would be one too many."""
    return ratelimit.consume(
        request, app="hmskort", action="try", config={"try": rate}, key=key, dry_run=dry_run
    )


def by_number(request: HttpRequest, number: str) -> str:
    """However it is spelled, one BestillerID has one count."""
    canonical = "".join(mark for mark in number.upper() if mark in ALPHABET)
    return f"number:{canonical}:{ratelimit.get_ip(request)}"


def by_address(request: HttpRequest) -> str:
    """Of somebody who says nothing of who they are."""
    return f"address:{ratelimit.get_ip(request)}"


def by_person(user: User) -> str:
    """Of somebody whose password was right."""
    return f"person:{user.pk}"


def by_proof(user: User) -> str:
    """Of somebody who is logged in."""
    return f"proof:{user.pk}"
