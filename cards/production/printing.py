"""A batch on paper and plastic: fronts, backs, and a letter for each order.

Files are written before the row that names them, under names that the batch decides: a process
that dies half-way leaves nothing but a file that the next one writes again.
"""

import io
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation
from pypdfium2 import PdfDocument

from cards.face.faces import Face, backs, fronts
from cards.models import Card
from cards.production.models import Batch, Shipment
from cards.production.states import JobState
from hmskort.common.clock import oslo_date
from hmskort.common.documents import joined, laid_out

STYLES = Path(__file__).parent / "letter.css"


@dataclass(frozen=True)
class PrintFiles:
    """Names in the storage. pages_of: by the shipment's id, its first page and their number."""

    fronts: str = ""
    backs: str = ""
    letters: str = ""
    pages_of: dict[int, tuple[int, int]] = field(default_factory=dict)


def make(batch: Batch, faces: list[Face]) -> PrintFiles:
    """All files of the batch are in the storage."""
    folder = f"production/{batch.reference}"
    letters = {shipment.pk: _letter(shipment) for shipment in batch.shipments.order_by("id")}
    return PrintFiles(
        fronts=_kept(f"{folder}/forsider.pdf", fronts(faces)) if faces else "",
        backs=_kept(f"{folder}/baksider.pdf", backs(faces)) if faces else "",
        letters=_kept(f"{folder}/brev.pdf", joined(list(letters.values()))),
        pages_of=_pages({shipment: len(letter.pages) for shipment, letter in letters.items()}),
    )


def letter_anew(shipment: Shipment) -> str:
    """The letter with the address as it is now; its name in the storage."""
    at = f"{shipment.readdressed_at:%Y%m%d%H%M%S%f}"
    name = f"production/{shipment.batch.reference}/brev-{shipment.reference}-{at}.pdf"
    return _kept(name, joined([_letter(shipment)]))


def letter_of(shipment: Shipment) -> bytes:
    """The shipment's own letter: made anew, or taken out of its batch's."""
    if shipment.letter:
        with shipment.letter.open("rb") as file:
            return bytes(file.read())
    with (
        shipment.batch.letters.open("rb") as file,
        closing(PdfDocument(file.read())) as letters,
        closing(PdfDocument.new()) as own,
    ):
        first, many = shipment.first_page or 0, shipment.pages or 0
        own.import_pages(letters, list(range(first, first + many)))
        target = io.BytesIO()
        own.save(target)
        return target.getvalue()


def _pages(many_of: dict[int, int]) -> dict[int, tuple[int, int]]:
    firsts = accumulate(many_of.values(), initial=0)
    return {
        shipment: (first, many)
        for (shipment, many), first in zip(many_of.items(), firsts, strict=False)
    }


def _letter(shipment: Shipment) -> Any:
    jobs = shipment.jobs.exclude(state=JobState.CANCELLED).select_related("card__kind")
    cards = [job.card for job in jobs.order_by("created_at", "id")]
    languages = _languages(cards)
    context = {
        "shipment": shipment,
        "cards": cards,
        "languages": languages,
        "dated": oslo_date(shipment.made_at),
        "issuer": settings.ISSUER_NAME,
        "phone": settings.ISSUER_PHONE,
        "email": settings.ISSUER_EMAIL,
        "base_url": settings.BASE_URL,
    }
    with translation.override(languages[0]):
        html = render_to_string("production/letter.html", context)
    return laid_out(html, styles=STYLES)


def _languages(cards: list[Card]) -> list[str]:
    """The orderer's; beside a Norwegian one English, for the holder who reads that better."""
    ordered_in = str(cards[0].delivery.get("language", "")) if cards else ""
    if ordered_in == "en":
        return ["en"]
    return [ordered_in if ordered_in in {"nb", "nn"} else "nb", "en"]


def _kept(name: str, content: bytes) -> str:
    """The content stands under that name, in place of what a killed process may have left."""
    if default_storage.exists(name):
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(content))
