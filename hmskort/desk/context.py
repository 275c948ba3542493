"""What the main menu says of cases: how many wait for the one who reads it."""

from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from hmskort.accounts.models import StaffRole
from hmskort.desk import queries


def waiting(request: Any) -> dict[str, Any]:
    """`desk`: cases, how many wait for the company; queue and its address, those for a caseworker.

    Nothing is counted until a page asks.
    """
    return {"desk": SimpleLazyObject(lambda: _counts(request))}


def _counts(request: Any) -> dict[str, Any]:
    company = getattr(request, "company", None)
    user = getattr(request, "user", None)
    caseworker = user and user.is_authenticated and user.has_role(StaffRole.CASEWORKER)
    return {
        "cases": queries.waiting_for_employer(company.orgnr) if company else 0,
        "queue": queries.waiting_for(user) if caseworker else 0,
        "queue_href": reverse("desk:queue"),
    }
