"""What the main menu says of cases: how many wait for the one who reads it."""

from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from hmskort.accounts.models import StaffRole
from hmskort.desk import operations, queries


def waiting(request: Any) -> dict[str, Any]:
    """`desk`: cases, how many wait for the company; queue and stopped, how many for staff.

    Nothing is counted until a page asks.
    """
    return {"desk": SimpleLazyObject(lambda: _counts(request))}


def _counts(request: Any) -> dict[str, Any]:
    company, user = getattr(request, "company", None), getattr(request, "user", None)
    roles = set(user.staff_roles) if user and user.is_authenticated and user.is_active else set()
    mends = bool(roles & {StaffRole.CASEWORKER, StaffRole.ADMINISTRATOR})
    return {
        "cases": queries.waiting_for_employer(company.orgnr) if company else 0,
        "queue": queries.waiting_for(user) if user and StaffRole.CASEWORKER in roles else 0,
        "queue_href": reverse("desk:queue"),
        "mends": mends,
        "stopped": operations.waiting() if mends else 0,
    }
