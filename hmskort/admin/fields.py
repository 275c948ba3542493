"""Fields of the administration: lists of codes that are stored as JSON."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise
Choices = Iterable[tuple[str, Text]] | Callable[[], Iterable[tuple[str, Text]]]


class Codes(forms.CharField):
    """Codes with commas or spaces between; the value is a list, each code once, in their order.

    shape: what each code must match whole. example: one that does.
    """

    def __init__(self, *, shape: str, example: str, **given: Any) -> None:
        super().__init__(required=False, **given)
        self.shape, self.example = re.compile(shape), example

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        codes = list(dict.fromkeys(re.split(r"[,;\s]+", (value or "").strip())))
        return [code for code in codes if code]

    def validate(self, value: Any) -> None:
        super().validate(value)
        for code in value:
            if not self.shape.fullmatch(code):
                said = _("«%(code)s» er ikke en kode her. Skriv for eksempel %(example)s.")
                raise ValidationError(said % {"code": code, "example": self.example})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class Several(forms.MultipleChoiceField):
    """Boxes to tick; the value is a list in the order of the choices."""

    def __init__(self, *, choices: Choices, **given: Any) -> None:
        super().__init__(
            choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **given
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or []) != set(data or [])
