"""The ways to pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How an order is paid for. All but the invoice have a provider with a page of its own."""

    NEXI = "nexi", _("Betalingskort")
    VIPPS = "vipps", _("Vipps MobilePay")
    INVOICE = "invoice", _("Faktura")


REFUNDS_MAY_FAIL = frozenset({Method.NEXI})  # at the payer's bank, days after they were accepted
