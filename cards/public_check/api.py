"""The check for machines: access control, time clocks, site registers.

    GET /api/check/<number>  ->  200
    {"number": "47112083", "status": "valid", "reason": "", "kind": "bygg",
     "orgnr": "310000026", "company": "Byggmester AS", "accepted_on_sites": true,
     "ordered_on": null, "expires_on": "2028-11-20", "checked_at": "2026-11-21T08:42:00+00:00"}

status: `valid`, `not_valid`, `under_order` (the person shall not be refused for that alone) or
`unknown`. reason: empty, or `blocked`, `expired`, `requirements` of what is not valid, and
`not_found`, `check_digit`, `not_a_number`, `withdrawn` of what is unknown. The person is never
told; of a sole proprietor (ENK) neither name nor number is.
"""

import json

from django.http import HttpRequest, HttpResponse

from cards.public_check.queries import Answer, check

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Access-Control-Allow-Origin": "*",
}


def check_number(request: HttpRequest, number: str) -> HttpResponse:
    """The answer as JSON; a number that does not exist is an answer too."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    body = json.dumps(_told(check(number)), ensure_ascii=False)
    return HttpResponse(body, content_type="application/json", headers=HEADERS)


check_number.access = "public"  # type: ignore[attr-defined]


def _told(answer: Answer) -> dict[str, object]:
    return {
        "number": answer.number,
        "status": answer.status,
        "reason": answer.reason,
        "kind": answer.kind_code,
        "orgnr": answer.orgnr,
        "company": answer.company_name,
        "accepted_on_sites": answer.on_sites,
        "ordered_on": answer.ordered_on.isoformat() if answer.ordered_on else None,
        "expires_on": answer.expires_on.isoformat() if answer.expires_on else None,
        "checked_at": answer.checked_at.isoformat(timespec="seconds"),
    }
