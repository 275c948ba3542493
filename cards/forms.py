"""What a company fills in about its cards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.models import LOSS_NAMES, REASON_NAMES
from cards.states import BlockReason

CHOOSABLE = [reason for reason in BlockReason if reason != BlockReason.REPLACED]


class BlockForm(forms.Form):
    """Why the card is blocked."""

    reason = forms.ChoiceField(
        label=_("Hvorfor sperrer du kortet?"),
        choices=[(reason.value, REASON_NAMES[reason]) for reason in CHOOSABLE],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvorfor du sperrer kortet")},
    )


class LostForm(forms.Form):
    """How the card was lost."""

    how = forms.ChoiceField(
        label=_("Hva har skjedd?"),
        choices=list(LOSS_NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva som har skjedd med kortet")},
    )
