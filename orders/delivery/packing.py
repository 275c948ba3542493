"""The packing slip of card sleeves: the address in the window, and what is in the envelope."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from hmskort.common.clock import today
from hmskort.common.documents import joined, laid_out
from orders.delivery.models import Sleeves

STYLES = Path(__file__).parent / "slip.css"


def slips(shipments: Sequence[Sleeves]) -> bytes:
    """One A4 page a shipment, in the orderer's language, as PDF."""
    return joined([laid_out(_page(each), styles=STYLES) for each in shipments])


def _page(shipment: Sleeves) -> str:
    context = {
        "shipment": shipment,
        "order": shipment.order,
        "dated": today(),
        "issuer": settings.ISSUER_NAME,
        "phone": settings.ISSUER_PHONE,
        "email": settings.ISSUER_EMAIL,
    }
    with translation.override(shipment.order.language):
        return render_to_string("delivery/slip.html", context)
