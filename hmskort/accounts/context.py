"""What every page knows of who is logged in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hmskort.accounts import landing
from hmskort.accounts.models import StaffRole

WORK = {
    StaffRole.REVIEWER: _("Kontroll"),
    StaffRole.PRODUCER: _("Produksjon"),
    StaffRole.CASEWORKER: _("Saker"),
    StaffRole.INSPECTOR: _("Tilsyn"),
    StaffRole.ADMINISTRATOR: _("Administrasjon"),
}


def staff(request: Any) -> dict[str, Any]:
    """`staff_links`: the pages of the user's staff roles, for the main menu."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"staff_links": []}
    pages = [(role, landing.queue_of(role)) for role in landing.staff_roles(user)]
    return {"staff_links": [{"href": page, "label": WORK[role]} for role, page in pages if page]}
