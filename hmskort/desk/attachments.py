"""Documents of a case: decoded where hostile files are, kept and served privately."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from hmskort.common.uploads import files
from hmskort.common.uploads.limits import Picture
from hmskort.common.uploads.serving import picture_response
from hmskort.desk.models import Attachment, Case
from registers.exemptions.documents import NAMES as DOCUMENTS

FOLDER = "cases"
OTHER = "other"
PASSPORT = "passport"
NAMES = {**DOCUMENTS, OTHER: _("Vedlegg"), PASSPORT: _("Pass eller nasjonalt ID-kort")}
Pictures = Mapping[str, Picture]  # by document


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
    return files.remove_orphans(FOLDER, _named)


def _named(names: Collection[str]) -> Iterable[str]:
    return Attachment.objects.filter(file__in=names).values_list("file", flat=True)


def response(case: Case, attachment: Attachment) -> HttpResponse:
    """The document, for somebody who was asked whether they may see it."""
    name = f"{case.reference}-{attachment.document}"
    return picture_response(files.read(str(attachment.file)), name)
