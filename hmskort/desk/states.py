"""The states of a case. An exemption is granted by one caseworker, an override by two.

A case that has ended can be taken up again: people press the wrong button, and learn more.
"""

from enum import StrEnum

from hmskort.common.transitions import Moves


class CaseState(StrEnum):
    SENT = "sent"  # waits for a caseworker
    NEEDS_MORE = "needs_more"  # waits for the employer
    PROPOSED = "proposed"  # an override waits for a second caseworker
    GRANTED = "granted"
    REFUSED = "refused"
    CLOSED = "closed"  # nothing is left to decide: the register answered, the mail was read


CASE_MOVES: Moves[CaseState] = {
    CaseState.SENT: frozenset(
        {CaseState.NEEDS_MORE, CaseState.PROPOSED, CaseState.GRANTED}
        | {CaseState.REFUSED, CaseState.CLOSED}
    ),
    CaseState.NEEDS_MORE: frozenset({CaseState.SENT, CaseState.REFUSED, CaseState.CLOSED}),
    CaseState.PROPOSED: frozenset({CaseState.GRANTED, CaseState.SENT, CaseState.CLOSED}),
    CaseState.GRANTED: frozenset(),
    CaseState.REFUSED: frozenset({CaseState.SENT}),
    CaseState.CLOSED: frozenset({CaseState.SENT}),
}
CASE_OPEN = frozenset({CaseState.SENT, CaseState.NEEDS_MORE, CaseState.PROPOSED})
