"""The states of a case. An exemption is granted by one caseworker, an override by two."""

from enum import StrEnum

from hmskort.common.transitions import Moves


class CaseState(StrEnum):
    SENT = "sent"  # waits for a caseworker
    NEEDS_MORE = "needs_more"  # waits for the employer
    PROPOSED = "proposed"  # an override waits for a second caseworker
    GRANTED = "granted"
    REFUSED = "refused"


CASE_MOVES: Moves[CaseState] = {
    CaseState.SENT: frozenset(
        {CaseState.NEEDS_MORE, CaseState.PROPOSED, CaseState.GRANTED, CaseState.REFUSED}
    ),
    CaseState.NEEDS_MORE: frozenset({CaseState.SENT, CaseState.REFUSED}),
    CaseState.PROPOSED: frozenset({CaseState.GRANTED, CaseState.SENT}),
    CaseState.GRANTED: frozenset(),
    CaseState.REFUSED: frozenset(),
}
CASE_OPEN = frozenset({CaseState.SENT, CaseState.NEEDS_MORE, CaseState.PROPOSED})
