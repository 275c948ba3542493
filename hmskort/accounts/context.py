"""What every page knows of who is logged in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hmskort.accounts import landing
from hmskort.accounts.models import Right, StaffRole

WORK = {
    StaffRole.REVIEWER: _("Kontroll"),
    StaffRole.PRODUCER: _("Produksjon"),
    StaffRole.CASEWORKER: _("Saker"),
    StaffRole.INSPECTOR: _("Tilsyn"),
    StaffRole.ADMINISTRATOR: _("Administrasjon"),
}
MOST_TO_SWITCH_TO = 6  # companies in the header; the list has all of them


def staff(request: Any) -> dict[str, Any]:
    """What the top of the page shows.

    `staff_links`: the pages of the user's staff roles, for the main menu. `may_act`: whether the
    ways into companies are shown, as they are to all but staff who act for no company. `may_order`:
    whether the way into ordering is, which one who was not given that right for the company lacks.
    `switch_to`: other companies to act for, from the header itself.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"staff_links": [], "may_act": True, "may_order": True, "switch_to": []}
    roles = landing.staff_roles(user)
    others = [each for each in request.companies if each != request.company]
    may_act = not roles or bool(request.company) or bool(request.companies)
    pages = [(role, landing.queue_of(role)) for role in roles]
    return {
        "staff_links": [{"href": page, "label": WORK[role]} for role, page in pages if page],
        "switch_to": others[:MOST_TO_SWITCH_TO],
        "may_act": may_act,
        "may_order": may_act and (not request.company or request.company.may(Right.ORDER)),
    }
