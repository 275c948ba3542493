"""How a piece is shown: whoever calls this has asked whether they may."""

from enum import StrEnum

from django.http import HttpResponse

from hmskort.common.uploads import files
from hmskort.common.uploads.serving import picture_response
from orders.evidence.models import Piece


class Size(StrEnum):
    WHOLE = "whole"
    CARD = "card"  # the part of a portrait that goes on the card


def stored_bytes(piece: Piece, size: Size = Size.CARD) -> bytes:
    """The JPEG of the piece as it goes on the card; a portrait not yet cropped is given whole."""
    cropped = size is Size.CARD and piece.card_file
    return files.read(str(piece.card_file if cropped else piece.file))


def file_response(piece: Piece, size: Size = Size.WHOLE) -> HttpResponse:
    """The picture, shown inline, kept by no cache, and never taken for anything but a picture."""
    return picture_response(stored_bytes(piece, size), piece.kind)
