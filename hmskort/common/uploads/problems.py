"""Why a file was not taken, in words: what is wrong, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hmskort.common.uploads.limits import MOST_BYTES, Rejected

TEXTS = {
    "missing": _("Filen mangler. Velg en fil først."),
    "empty": _("Filen er tom. Velg en annen fil."),
    "too_big": _("Filen er på %(megabytes)s MB. Den kan ikke være større enn %(most)s MB."),
    "wrong_type": _("Filen må være et bilde av typen JPEG eller PNG."),
    "heic": _(
        "Bildet har iPhone-formatet HEIC. Velg det på nytt rett fra telefonen, "
        "eller lagre det som JPEG først."
    ),
    "pdf_not_here": _(
        "En PDF kan bare brukes som legitimasjon. Last opp bildet som JPEG eller PNG."
    ),
    "protected_pdf": _("PDF-filen er beskyttet med passord. Lagre den uten passord først."),
    "too_many_pages": _("PDF-filen har for mange sider. Den kan ha høyst %(most)s."),
    "damaged": _(
        "Filen lar seg ikke lese. Den kan være skadet. Lagre den på nytt, eller ta et nytt bilde."
    ),
    "too_many_pixels": _("Bildet har for mange piksler. Det kan ha høyst %(millions)s millioner."),
    "too_few_pixels": _(
        "Bildet er %(width)s × %(height)s piksler. Det må være minst "
        "%(least_width)s × %(least_height)s."
    ),
    "no_room": _("Vi kan ikke ta imot filer akkurat nå. Prøv igjen om litt. Ingenting er mistet."),
}


@dataclass(frozen=True)
class Problem:
    """One reason that the file was not taken."""

    code: str
    values: Mapping[str, object]

    @property
    def text(self) -> str:
        """In the reader's language."""
        return str(TEXTS[self.code]) % self.values


class UploadRefused(Exception):
    """Nothing was stored. `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = list(problems)


def refused(code: str, **values: object) -> UploadRefused:
    """The error for one problem."""
    return UploadRefused([Problem(code, values)])


def too_big(size: int) -> UploadRefused:
    """The error for a file of `size` bytes."""
    megabytes = f"{size / 1024 / 1024:.1f}".replace(".", ",")
    return refused("too_big", megabytes=megabytes, most=MOST_BYTES // 1024 // 1024)


def from_decoder(reason: Rejected) -> UploadRefused:
    """The error for what the decoder said."""
    return refused(reason.code, **reason.values)
