"""Documents of a case: decoded where hostile files are, kept and served privately."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from hmskort.common import clock
from hmskort.desk.models import Attachment, Case
from orders.evidence import decoder, files
from orders.evidence.actions import ORPHAN_AGE, bytes_of
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
    with kept_each(pictures.items()) as rows:
        yield rows


@contextmanager
def kept_each(documents: Iterable[tuple[str, Picture]]) -> Iterator[list[Attachment]]:
    """As `kept`, where several may be of one code."""
    pairs = list(documents)
    with files.written(*(picture.jpeg for _code, picture in pairs), folder=FOLDER) as names:
        yield [
            Attachment(document=code, file=name, sha256=hashlib.sha256(picture.jpeg).hexdigest())
            for (code, picture), name in zip(pairs, names, strict=True)
        ]


def remove_orphans() -> int:
    """Files that a killed process left without a row are gone; how many there were."""
    try:
        _folders, stored = default_storage.listdir(FOLDER)
    except FileNotFoundError:  # nothing was ever sent
        return 0
    names = {f"{FOLDER}/{name}" for name in stored}
    named = Attachment.objects.filter(file__in=names).values_list("file", flat=True)
    before = clock.now() - ORPHAN_AGE
    orphans = [
        name for name in names - set(named) if default_storage.get_modified_time(name) < before
    ]
    files.delete(orphans)
    return len(orphans)


def response(case: Case, attachment: Attachment) -> HttpResponse:
    """The document, for somebody who was asked whether they may see it."""
    name = f"{case.reference}-{attachment.document}"
    return picture_response(files.read(str(attachment.file)), name)
