"""Questions about sheets and scanned pages."""

from django.db.models import QuerySet

from orders.evidence.models import Piece
from orders.models import Line
from orders.paper.models import Scan, Sheet
from orders.states import LineState

LATEST = 25


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


def kinds_wanted(line: Line) -> set[str]:
    """The pieces that the line waits for: all in a cart, of a refused one those refused."""
    if line.state == LineState.DRAFT:
        return set(Piece.Kind.values)
    if line.state != LineState.REFUSED:
        return set()
    pieces = {kind: getattr(line, kind) for kind in Piece.Kind.values}
    return {k for k, p in pieces.items() if p is None or p.state == Piece.State.REFUSED}
