"""Questions about sheets and scanned pages."""

from django.db.models import QuerySet

from orders.evidence.models import Piece
from orders.models import Line
from orders.paper.models import Scan, Sheet
from orders.states import LINE_OPEN, LineState
from registers.models import CardKind

LATEST = 25
LEFT = frozenset({LineState.RELEASED, LineState.WITHDRAWN})


def sheet_with(code: str) -> Sheet | None:
    """The sheet of which a code was read or typed; spaces and small letters do not matter."""
    wanted = "".join(code.split()).upper()
    return (
        Sheet.objects.select_related("line__order__kind", "line__person")
        .filter(code=wanted)
        .first()
    )


def waiting() -> QuerySet[Scan]:
    """Pages that are being read, or wait for a person, the oldest first."""
    return Scan.objects.filter(settled_at=None).order_by("scanned_at")


def settled() -> QuerySet[Scan]:
    """The pages that were matched last."""
    matched = Scan.objects.exclude(settled_at=None).exclude(sheet=None)
    return matched.select_related("sheet__line__order", "sheet__line__person").order_by(
        "-settled_at"
    )[:LATEST]


def line_of(sheet: Sheet) -> Line:
    """The line that the sheet's paper is for now.

    Of a line that has left its order, as one does whose reservation ran out, it is the person's
    open line with the same company, where there is one.
    """
    line = sheet.line
    if line.state not in LEFT:
        return line
    again = Line.objects.select_related("order__kind", "person").filter(
        person=line.person_id, orgnr=line.orgnr, state__in=sorted(LINE_OPEN)
    )
    return again.first() or line


def kinds_on(kind: CardKind) -> list[str]:
    """The pieces that a card of the kind needs, and its form has a field for."""
    kinds = list(Piece.Kind.values)
    if not kind.signature_required:
        kinds.remove(Piece.Kind.SIGNATURE)
    return kinds


def kinds_wanted(line: Line) -> set[str]:
    """The pieces that the line waits for: all in a cart, of a refused one those refused."""
    kinds = kinds_on(line.order.kind)
    if line.state == LineState.DRAFT:
        return set(kinds)
    if line.state != LineState.REFUSED:
        return set()
    pieces = {kind: getattr(line, kind) for kind in kinds}
    return {k for k, p in pieces.items() if p is None or p.state == Piece.State.REFUSED}
