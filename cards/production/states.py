"""The states of a chip job."""

from enum import StrEnum

from hmskort.common.transitions import Moves


class JobState(StrEnum):
    PLANNED = "planned"  # waits for its batch's print files
    READY = "ready"
    CLAIMED = "claimed"  # a station has it
    STARTED = "started"  # being written on the card with `uid`
    DONE = "done"  # read back and found equal
    CANCELLED = "cancelled"  # the card was blocked before it was made


JOB_MOVES: Moves[JobState] = {
    JobState.PLANNED: frozenset({JobState.READY, JobState.CANCELLED}),
    JobState.READY: frozenset({JobState.CLAIMED, JobState.CANCELLED}),
    JobState.CLAIMED: frozenset({JobState.STARTED, JobState.READY, JobState.CANCELLED}),
    JobState.STARTED: frozenset({JobState.DONE, JobState.CLAIMED, JobState.READY}),
    JobState.DONE: frozenset(),
    JobState.CANCELLED: frozenset(),
}
WAITING = frozenset({JobState.PLANNED, JobState.READY, JobState.CLAIMED, JobState.STARTED})
"""Not made yet, and to be made."""
