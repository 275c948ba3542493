"""Where a mail provider hands over mail to the desk, as it was sent (message/rfc822)."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from hmskort.accounts.access import webhook
from hmskort.common.uploads.files import NoRoom
from hmskort.desk import incoming, intake

RETRY_AFTER_S = 300


@webhook
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """204 when the mail stands in a case. 401, 400, 413; 503 asks to have it sent again."""
    if not _may(request):
        return HttpResponse(status=401)
    raw = request.read(incoming.MOST_BYTES + 1)
    if not raw.strip():
        return HttpResponse(status=400)
    try:
        intake.take_in(raw)
    except incoming.TooBig:
        return HttpResponse(status=413)
    except NoRoom:
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
    return HttpResponse(status=204)


def _may(request: HttpRequest) -> bool:
    """Nobody may while there is no token."""
    expected = f"Bearer {settings.MAIL_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode()
    return bool(settings.MAIL_TOKEN) and hmac.compare_digest(given, expected)
