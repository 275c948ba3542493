"""What staff read of faulty cards."""

from django.utils.translation import gettext as _

from orders import show
from orders.recalls.models import RecalledCard
from orders.show import Status


def why_not(code: str) -> str:
    """Why the card is not replaced; empty when it is."""
    return {
        "": "",
        "recalled": _("er tilbakekalt fra før"),
        "not_in_use": _("er ikke i bruk lenger"),
        "expired": _("har gått ut"),
        "ordered": _("nytt kort er allerede bestilt"),
        "taken_over": _("ble laget før portalen"),
        "no_picture": _("bildet er slettet"),
    }[code]


def status_of(row: RecalledCard) -> Status:
    """How far the replacement has come."""
    if row.left_out:
        return Status(why_not(row.left_out).capitalize(), "warning")
    if row.line is None:
        return Status(_("Venter"), "neutral")
    if row.line.card and row.line.card.dispatched_on:
        return Status(_("Sendt"), "success")
    return show.status_of(row.line)
