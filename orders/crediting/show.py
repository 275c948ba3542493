"""How a promise, and what was given back for breaking it, is told to the company."""

from django.utils.translation import gettext as _

from hmskort.common.templatetags.portal import dato, kr
from orders.crediting.models import Credit
from orders.crediting.queries import ON_ITS_WAY
from orders.models import Line
from orders.states import LINE_ENDED, LineState


def promise(line: Line) -> str:
    """When the card is in the post at the latest, or what is given back because it was not."""
    credit = next((one for one in line.credits.all() if one.reason == Credit.Reason.LATE), None)
    if credit and line.send_by:
        return _("Kortet ble ikke sendt innen %(day)s. Vi gir tilbake %(amount)s.") % {
            "day": dato(line.send_by),
            "amount": kr(credit.amount.gross_ore),
        }
    return _("Sendes senest %s.") % dato(line.send_by) if line.send_by and _waits(line) else ""


def _waits(line: Line) -> bool:
    """Is the card still to be sent?"""
    if line.state != LineState.ISSUED:
        return line.state not in LINE_ENDED
    card = line.card
    return card is not None and card.dispatched_on is None and card.state in ON_ITS_WAY
