"""What changes a piece: stored, checked, kept in spite of advice, decided, viewed."""

import hashlib
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError, Q

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move
from hmskort.common.uploads import decoder, files, problems
from hmskort.common.uploads.limits import Picture, Rejected
from hmskort.common.uploads.receiving import bytes_of
from orders.evidence.models import Piece
from orders.evidence.states import PIECE_MOVES, PieceState
from registers.models import Person

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

FOLDER = "evidence"


def store(
    *, person: Person, orgnr: str, kind: str, upload: "UploadedFile[Any] | None", actor: Actor
) -> Piece:
    """A new piece holds the upload: re-encoded, stripped of metadata, under a random name.

    The file is decoded in a process of its own (`decoder`), outside any transaction.

    Raises:
        UploadRefused: nothing was stored, and why.
    """
    try:
        picture = decoder.cleaned(bytes_of(upload), kind)
        with files.written(picture.jpeg, folder=FOLDER) as [name]:
            return _stored(
                person=person, orgnr=orgnr, kind=kind, picture=picture, name=name, actor=actor
            )
    except Rejected as reason:
        raise problems.from_decoder(reason) from reason
    except files.NoRoom as error:
        raise problems.refused("no_room") from error


@owns_transaction
def _stored(
    *, person: Person, orgnr: str, kind: str, picture: Picture, name: str, actor: Actor
) -> Piece:
    piece = Piece.objects.create(
        person=person,
        orgnr=orgnr,
        kind=Piece.Kind(kind),
        file=name,
        sha256=hashlib.sha256(picture.jpeg).hexdigest(),
        width=picture.width,
        height=picture.height,
    )
    record("evidence:uploaded", actor=actor, subject=piece, orgnr=orgnr, kind=kind)
    outbox.enqueue("evidence:uploaded", key=str(piece.pk), piece=str(piece.pk))
    return piece


@owns_transaction
def note_checks(
    *, piece: Piece, checks: list[dict[str, Any]], card_name: str, crop: list[int]
) -> bool:
    """The findings and the card's part stand on the piece; False when they already did."""
    changed = Piece.objects.filter(pk=piece.pk, checks__isnull=True).update(
        checks=checks, checked_at=clock.now(), card_file=card_name, crop=crop
    )
    if changed:
        advice = [check["text"] for check in checks if check["verdict"] != "ok"]
        record("evidence:checked", actor=SYSTEM, subject=piece, orgnr=piece.orgnr, advice=advice)
        outbox.enqueue("evidence:checked", key=str(piece.pk), piece=str(piece.pk))
    return bool(changed)


@owns_transaction
def turn(*, piece: Piece, picture: Picture, name: str, degrees: int) -> None:
    """The piece shows the picture turned upright; the old file is deleted after commit."""
    old = str(piece.file)
    piece.file.name = name
    piece.sha256 = hashlib.sha256(picture.jpeg).hexdigest()
    piece.width, piece.height = picture.width, picture.height
    piece.save(update_fields=["file", "sha256", "width", "height"])
    record("evidence:turned", actor=SYSTEM, subject=piece, orgnr=piece.orgnr, degrees=degrees)
    transaction.on_commit(lambda: files.delete([old]))


@owns_transaction
def keep(*, piece: Piece, actor: Actor) -> None:
    """The orderer uses the picture in spite of advice; the reviewer will see that they did."""
    changed = Piece.objects.filter(pk=piece.pk, kept_at=None).update(kept_at=clock.now())
    if changed:
        record("evidence:kept", actor=actor, subject=piece, orgnr=piece.orgnr)


@inside_transaction
def decide(
    *, piece: Piece, state: PieceState, reasons: list[str], comment: str, actor: Actor
) -> None:
    """The piece is approved, or refused for reasons of `evidence.reasons`.

    Raises:
        Superseded: somebody else decided first.
        ValueError: refused without a reason, or approved with one.
    """
    if (state is PieceState.REFUSED) != bool(reasons):
        raise ValueError("a refusal has reasons, an approval has none")
    move(piece, state, PIECE_MOVES, reasons=reasons, comment=comment)
    record(f"evidence:{state}", actor=actor, subject=piece, orgnr=piece.orgnr, reasons=reasons)


@inside_transaction
def discard(*, piece: Piece, actor: Actor) -> None:
    """The piece and its files are gone, unless another order holds on to them."""
    stored = [str(piece.file), str(piece.card_file)]
    try:
        with transaction.atomic():
            record(
                "evidence:deleted", actor=actor, subject=piece, orgnr=piece.orgnr, kind=piece.kind
            )
            piece.delete()
    except ProtectedError:
        return
    transaction.on_commit(lambda: files.delete(stored))


@inside_transaction
def reassign(*, old: Person, one: Person) -> None:
    """What was uploaded for the old row is the one's: two numbers turned out to be one person's."""
    Piece.objects.filter(person=old).update(person=one)


@owns_transaction
def note_view(*, piece: Piece, actor: Actor) -> None:
    """It stands in the history that staff looked at the piece."""
    record("evidence:viewed", actor=actor, subject=piece, orgnr=piece.orgnr, kind=piece.kind)


def remove_orphans() -> int:
    """Files that a killed process left without a row are gone; how many there were."""
    return files.remove_orphans(FOLDER, _named)


def _named(names: Collection[str]) -> Iterable[str]:
    pieces = Piece.objects.filter(Q(file__in=names) | Q(card_file__in=names))
    return (name for pair in pieces.values_list("file", "card_file") for name in pair)
