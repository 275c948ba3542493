"""A login's session: which company is acted for, when it is over, and what ID-porten calls it."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase

from hmskort.common import clock, sealed

COMPANY = "company"
BEGAN = "began"  # seconds since 1970
SEEN = "seen"
HINT = "logout_hint"  # ID-porten's token, sealed: it holds the identity number
BY_PASSWORD = "by_password"  # noqa: S105 - says how the session began
PROVED = "proved"  # seconds since 1970: when they last showed who they are
FRESH_S = 15 * 60  # so long afterwards nobody is asked who they are again
SEEN_STEP_S = 60  # the session is written at most this often just to be kept alive


def begin(session: SessionBase, *, id_token: str | None, proved_at: int | None = None) -> None:
    """The session counts its time from now and can be ended at ID-porten, where it began there.

    id_token: of ID-porten; None for a login with a password. proved_at: when they showed there who
    they are, which is earlier than now where ID-porten knew them already.
    """
    session[BEGAN] = session[SEEN] = session[PROVED] = _now_s()
    if proved_at is not None:
        session[PROVED] = min(proved_at, _now_s())
    session[BY_PASSWORD] = id_token is None
    if id_token is not None:
        session[HINT] = sealed.seal(id_token)
    session.set_expiry(settings.SESSION_COOKIE_AGE)


def end(request: Any) -> None:
    """The session and all in it are gone; the visitor is anonymous."""
    logout(request)


def is_over(session: SessionBase) -> bool:
    """True when nobody was here for `SESSION_IDLE_S`, or it has lasted `SESSION_COOKIE_AGE`.

    A session that began with a password is over when that way in is closed.
    """
    if session.get(BY_PASSWORD) and not settings.PASSWORD_LOGIN:
        return True
    idle_s = _now_s() - int(session.get(SEEN, 0))
    lasted_s = _now_s() - int(session.get(BEGAN, 0))
    return idle_s > settings.SESSION_IDLE_S or lasted_s > settings.SESSION_COOKIE_AGE


def is_fresh(session: SessionBase) -> bool:
    """True when the person showed who they are a moment ago: then it is they who sit there."""
    return _now_s() - int(session.get(PROVED, 0)) < FRESH_S


def note_proved(session: SessionBase) -> None:
    """The person has just shown who they are, once more."""
    session[PROVED] = _now_s()


def keep_alive(session: SessionBase) -> None:
    """The idle time starts again."""
    if _now_s() - session.get(SEEN, 0) > SEEN_STEP_S:
        session[SEEN] = _now_s()


def chosen_orgnr(session: SessionBase) -> str:
    """The company chosen to act for, or an empty text."""
    return str(session.get(COMPANY, ""))


def choose(session: SessionBase, orgnr: str) -> None:
    """The company is acted for from the next request on."""
    session[COMPANY] = orgnr


def logout_hint(session: SessionBase) -> str | None:
    """ID-porten's token of this login, in clear, to be posted to its logout.

    None where the key that sealed it is gone: logging out here goes on without.
    """
    hint = session.get(HINT)
    try:
        return sealed.unseal(hint) if hint else None
    except sealed.UnknownKey:
        return None


def _now_s() -> int:
    return int(clock.now().timestamp())
