"""The file fields of a person's three pieces."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PICTURE = "image/jpeg,image/png"
ACCEPT = {"portrait": PICTURE, "signature": PICTURE, "id_copy": f"{PICTURE},application/pdf"}
LABELS = {
    "portrait": _("Velg portrett"),
    "signature": _("Velg bilde av signaturen"),
    "id_copy": _("Velg kopi av legitimasjonen"),
}
HINTS = {
    "portrait": _("JPEG eller PNG, høyst 10 MB, minst 600 × 750 piksler. Vi beskjærer for deg."),
    "signature": _("JPEG eller PNG, høyst 10 MB."),
    "id_copy": _("JPEG, PNG eller PDF, høyst 10 MB."),
}


class PieceField(forms.FileField):
    """A file that must be there before the order is sent, but may be sent on its own."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


class EvidenceForm(forms.Form):
    """A field for each piece that may be uploaded now. What is in a file is judged by `store`."""

    use_required_attribute = False

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            self.fields[kind] = PieceField(
                label=LABELS[kind],
                help_text=HINTS[kind],
                widget=forms.FileInput(attrs={"accept": ACCEPT[kind]}),
            )
