"""How Vipps MobilePay proves that a message is its own: HMAC-SHA256 with the webhook's secret.

Signed are the method, the address, the moment, the host and the hash of the body, as in Microsoft's
scheme for Azure App Configuration, which Vipps refers to.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

SIGNED = "x-ms-date;host;x-ms-content-sha256"
FRESH = timedelta(minutes=5)  # an older or younger message may be one that was listened to


def headers(secret: str, *, host: str, path: str, body: bytes, at: datetime) -> dict[str, str]:
    """What goes with a message that is sent then. path: with the query, if there is one."""
    date = format_datetime(at, usegmt=True)
    content = _sha256(body)
    return {
        "x-ms-date": date,
        "x-ms-content-sha256": content,
        "host": host,
        "Authorization": f"HMAC-SHA256 SignedHeaders={SIGNED}&Signature="
        + _signature(secret, path, date, host, content),
    }


def is_genuine(
    secret: str, given: Mapping[str, str], *, path: str, body: bytes, now: datetime
) -> bool:
    """Is the message Vipps' own, as it was sent, and sent just now? Takes as long for any guess."""
    date, host = given.get("x-ms-date", ""), given.get("host", "")
    content = _sha256(body)
    expected = f"HMAC-SHA256 SignedHeaders={SIGNED}&Signature=" + _signature(
        secret, path, date, host, content
    )
    return (
        bool(secret)
        and hmac.compare_digest(given.get("x-ms-content-sha256", "").encode(), content.encode())
        and hmac.compare_digest(given.get("authorization", "").encode(), expected.encode())
        and _is_fresh(date, now)
    )


def _signature(secret: str, path: str, date: str, host: str, content: str) -> str:
    signed = f"POST\n{path}\n{date};{host};{content}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()


def _sha256(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def _is_fresh(date: str, now: datetime) -> bool:
    try:
        return abs(parsedate_to_datetime(date) - now) <= FRESH
    except (ValueError, TypeError):  # no date, or one without a zone
        return False
