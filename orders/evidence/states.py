"""The states of an uploaded piece. A refused piece is never mended: a new one takes its place."""

from enum import StrEnum

from hmskort.common.transitions import Moves


class PieceState(StrEnum):
    UPLOADED = "uploaded"  # waits for a reviewer
    APPROVED = "approved"
    REFUSED = "refused"


PIECE_MOVES: Moves[PieceState] = {
    PieceState.UPLOADED: frozenset({PieceState.APPROVED, PieceState.REFUSED}),
    PieceState.APPROVED: frozenset(),
    PieceState.REFUSED: frozenset(),
}
