"""An upload becomes a picture: for a form, a document is a picture of its pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from hmskort.common.uploads import decoder, problems
from hmskort.common.uploads.limits import MOST_BYTES, Picture, Rejected
from hmskort.common.uploads.problems import UploadRefused, from_decoder


def bytes_of(upload: "UploadedFile[Any] | None") -> bytes:
    """The whole upload, which is neither missing, empty nor too big. Raises UploadRefused."""
    if upload is None:
        raise problems.refused("missing")
    if (upload.size or 0) > MOST_BYTES:
        raise problems.too_big(upload.size or 0)
    data: bytes = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise problems.too_big(len(data))
    if not data:
        raise problems.refused("empty")
    return data


def document(upload: "UploadedFile[Any] | None") -> Picture:
    """The document as a picture of its pages.

    Raises:
        ValidationError: the file cannot be used, and why.
    """
    try:
        return decoder.cleaned(bytes_of(upload), "attachment")
    except Rejected as reason:
        raise ValidationError([problem.text for problem in from_decoder(reason).problems]) from None
    except UploadRefused as refused:
        raise ValidationError([problem.text for problem in refused.problems]) from None


class DocumentField(forms.FileField):
    """A document as a picture of its pages."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        return document(upload) if upload else None
