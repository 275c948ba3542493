"""For whom the paper form can be printed."""

from orders.actions.awaiting import stays_behind
from orders.models import Line
from orders.paper.queries import kinds_on
from orders.states import LineState

PRINTED_FOR = frozenset({LineState.DRAFT, LineState.REFUSED})
MOST = 25


def may_be_printed(line: Line) -> bool:
    """Does the line wait for files, and will they be of use?"""
    return line.state in PRINTED_FOR and not stays_behind(line)


def lines_to_print(orgnr: str) -> list[Line]:
    """The company's lines that something is missing from, the newest first."""
    lines = Line.objects.filter(orgnr=orgnr, state__in=sorted(PRINTED_FOR)).select_related(
        "order__kind", "person", "verdict", "portrait", "signature", "id_copy"
    )
    newest = lines.order_by("-created_at", "-id")[: 4 * MOST]
    return [line for line in newest if may_be_printed(line) and _misses_something(line)][:MOST]


def _misses_something(line: Line) -> bool:
    pieces = [getattr(line, kind) for kind in kinds_on(line.order.kind)]
    return any(piece is None or piece.state == piece.State.REFUSED for piece in pieces)
