"""The reviewer's decision: reasons by piece, words to the orderer, approve or refuse."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from orders.evidence.models import Piece
from orders.evidence.reasons import REASONS
from orders.evidence.states import PieceState

APPROVE = "godkjenn"
REFUSE = "avvis"


class DecisionForm(forms.Form):
    """A group of reasons for each piece that waits. A piece without a reason is approved."""

    claim = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Melding til bestilleren"),
        help_text=_("Kommer med i e-posten hvis noe avvises."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, pieces: list[Piece], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = [str(p.kind) for p in pieces if p.state == PieceState.UPLOADED]
        for kind in self.kinds:
            self.fields[kind] = forms.MultipleChoiceField(
                label=_("Avvisningsgrunn"),
                choices=[(reason.code, reason.name) for reason in REASONS[kind]],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def refusals(self) -> dict[str, list[str]]:
        """The chosen reason codes of each piece that is refused."""
        return {kind: self.cleaned_data[kind] for kind in self.kinds if self.cleaned_data[kind]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = any(cleaned.get(kind) for kind in self.kinds)
        pressed = self.data.get("decision")
        first = self.kinds[0] if self.kinds else None
        if pressed not in (APPROVE, REFUSE):
            raise forms.ValidationError(now_in("Velg Godkjenn eller Avvis."))
        if pressed == REFUSE and not chosen:
            self.add_error(first, now_in("Velg minst én grunn før du avviser."))
        if pressed == APPROVE and chosen:
            self.add_error(
                first, now_in("Du har krysset av for en grunn. Fjern krysset, eller velg Avvis.")
            )
        return cleaned
