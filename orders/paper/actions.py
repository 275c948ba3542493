"""Forms are printed, pages are scanned, and what stands on them lands on their line, once.

A line waits for its paper in the cart: nothing is reserved while a letter is in the post, since a
reservation lives for a week. When the page has been scanned its pieces are the line's, as if they
had been uploaded, and go to review with the order; those of a refused line go there at once.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.uploads import decoder, files, problems
from hmskort.common.uploads.limits import Rejected
from hmskort.common.uploads.problems import UploadRefused
from hmskort.common.uploads.receiving import bytes_of
from orders import mails
from orders.actions.cart import put_on_line
from orders.evidence import actions as evidence
from orders.evidence.models import Piece
from orders.models import Line, Order
from orders.paper import queries, reading
from orders.paper.models import Scan, Sheet

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

FOLDER = "scans"
Trouble = Scan.Trouble


@owns_transaction
def print_sheet(*, line: Line, actor: Actor) -> Sheet:
    """The line has a sheet that was not used yet: the one there is, or a new one."""
    sheet, is_new = Sheet.objects.get_or_create(line=line, used_at=None)
    if is_new:
        record("sheet:printed", actor=actor, subject=line, orgnr=line.orgnr)
    return sheet


def take_in(*, upload: "UploadedFile[Any] | None", actor: Actor) -> Scan:
    """A scanned page is kept and will be read. The file is decoded in a process of its own.

    Raises:
        UploadRefused: nothing was stored, and why.
    """
    try:
        picture = decoder.cleaned(bytes_of(upload), "scan")
        with files.written(picture.jpeg, folder=FOLDER) as [name]:
            return _taken_in(name=name, actor=actor)
    except Rejected as reason:
        raise problems.from_decoder(reason) from reason
    except files.NoRoom as error:
        raise problems.refused("no_room") from error


@owns_transaction
def _taken_in(*, name: str, actor: Actor) -> Scan:
    scan = Scan.objects.create(file=name)
    record("scan:uploaded", actor=actor, subject=scan)
    outbox.enqueue("scan:uploaded", key=str(scan.pk), scan=str(scan.pk))
    return scan


def read(*, scan: Scan) -> None:
    """The page is matched by its code, or waits for a person with what stood in the way."""
    if scan.read_at or scan.settled_at:
        return
    page = reading.opened(files.read(scan.file))
    matrix = reading.placed(page)
    code = reading.code_on(page, matrix)
    sheet = queries.sheet_with(code) if code else None
    if sheet is None or matrix is None:
        trouble = Trouble.UNKNOWN_CODE if code and sheet is None else Trouble.NO_CODE
        _wait(scan=scan, trouble=trouble)
        return
    _match(scan, sheet, reading.fields_on(page, matrix), SYSTEM)


def match_by_hand(*, scan: Scan, sheet: Sheet, actor: Actor) -> None:
    """A person says whose page it is; without marks it is cut from edge to edge."""
    page = reading.opened(files.read(scan.file))
    matrix = reading.placed(page)
    if matrix is None:
        matrix = reading.whole(page)
    _match(scan, sheet, reading.fields_on(page, matrix), actor)


def remove_orphans() -> int:
    """Files that a killed process left without a row are gone; how many there were."""
    return files.remove_orphans(FOLDER, _named)


def _named(names: Collection[str]) -> Iterable[str]:
    return Scan.objects.filter(file__in=names).values_list("file", flat=True)


@owns_transaction
def discard(*, scan: Scan, actor: Actor) -> None:
    """The page is of no use; its picture is deleted."""
    _settle(scan, actor=actor)


def _match(scan: Scan, sheet: Sheet, cut: Mapping[str, bytes], actor: Actor) -> None:
    """The pieces of the page are stored and stand on the line that waits for them.

    Of a used sheet nothing is taken.
    """
    sheet.line = queries.line_of(sheet)
    wanted = queries.kinds_wanted(sheet.line)
    if sheet.used_at:
        _seen_before(scan=scan, sheet=sheet, actor=actor)
    elif not wanted:
        _wait(scan=scan, trouble=Trouble.NOT_OPEN)
    elif not wanted & cut.keys():
        _wait(scan=scan, trouble=Trouble.EMPTY)
    else:
        _store(scan, sheet, {kind: cut[kind] for kind in sorted(wanted & cut.keys())}, actor)


def _store(scan: Scan, sheet: Sheet, cut: Mapping[str, bytes], actor: Actor) -> None:
    line, pieces = sheet.line, []
    try:
        for kind, jpeg in cut.items():
            upload = SimpleUploadedFile(f"{kind}.jpg", jpeg, "image/jpeg")
            pieces.append(
                evidence.store(
                    person=line.person, orgnr=line.orgnr, kind=kind, upload=upload, actor=actor
                )
            )
    except UploadRefused:
        _throw_away(pieces=pieces, actor=actor)
        _wait(scan=scan, trouble=Trouble.UNUSABLE)
        return
    if not _put(scan=scan, sheet=sheet, pieces=pieces, actor=actor):
        _throw_away(pieces=pieces, actor=actor)
        _seen_before(scan=scan, sheet=sheet, actor=actor)


@owns_transaction
def _put(*, scan: Scan, sheet: Sheet, pieces: list[Piece], actor: Actor) -> bool:
    """The pieces stand on the line; False when another page of the sheet came first."""
    unused = Sheet.objects.filter(pk=sheet.pk, used_at=None)
    if not unused.update(used_at=clock.now(), line=sheet.line):
        return False
    for piece in pieces:
        put_on_line(line=sheet.line, piece=piece, actor=actor)
    Order.objects.filter(pk=sheet.line.order_id).update(source=Order.Source.KB4)
    Scan.objects.filter(pk=scan.pk).update(sheet=sheet, trouble="")
    _settle(scan, actor=actor)
    record("sheet:scanned", actor=actor, subject=sheet.line, orgnr=sheet.line.orgnr,
           kinds=[piece.kind for piece in pieces])  # fmt: skip
    mails.papers_received(sheet.line)
    return True


@owns_transaction
def _throw_away(*, pieces: list[Piece], actor: Actor) -> None:
    for piece in pieces:
        evidence.discard(piece=piece, actor=actor)


@owns_transaction
def _seen_before(*, scan: Scan, sheet: Sheet, actor: Actor) -> None:
    Scan.objects.filter(pk=scan.pk).update(sheet=sheet, seen_before=True, trouble="")
    _settle(scan, actor=actor)


@owns_transaction
def _wait(*, scan: Scan, trouble: str) -> None:
    Scan.objects.filter(pk=scan.pk).update(trouble=trouble, read_at=clock.now())


@inside_transaction
def _settle(scan: Scan, *, actor: Actor) -> None:
    """The page is done with, and its picture deleted after commit."""
    now, name = clock.now(), scan.file
    Scan.objects.filter(pk=scan.pk).update(settled_at=now, read_at=now, file="")
    record("scan:settled", actor=actor, subject=scan)
    transaction.on_commit(lambda: files.delete([name]))
