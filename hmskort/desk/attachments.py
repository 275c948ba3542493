"""Documents of a case: decoded where hostile files are, kept and served privately."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from hmskort.desk.models import Attachment, Case
from orders.evidence import decoder, files
from orders.evidence.actions import bytes_of
from orders.evidence.limits import Picture, Rejected
from orders.evidence.problems import UploadRefused, from_decoder
from orders.evidence.serving import picture_response
from registers.exemptions.documents import NAMES as DOCUMENTS

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

FOLDER = "cases"
OTHER = "other"
NAMES = {**DOCUMENTS, OTHER: _("Vedlegg")}
Pictures = Mapping[str, Picture]  # by document


def picture_of(upload: "UploadedFile[Any] | None") -> Picture:
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


@contextmanager
def kept(pictures: Pictures) -> Iterator[list[Attachment]]:
    """Rows not yet saved, each with its file written; the files go when the block fails."""
    contents = [picture.jpeg for picture in pictures.values()]
    with files.written(*contents, folder=FOLDER) as names:
        yield [
            Attachment(document=document, file=name, sha256=hashlib.sha256(content).hexdigest())
            for document, name, content in zip(pictures, names, contents, strict=True)
        ]


def response(case: Case, attachment: Attachment) -> HttpResponse:
    """The document, for somebody who was asked whether they may see it."""
    name = f"{case.reference}-{attachment.document}"
    return picture_response(files.read(str(attachment.file)), name)
