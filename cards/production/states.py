"""The states of a chip job."""

from enum import StrEnum

from hmskort.common.transitions import Moves


class JobState(StrEnum):
    PLANNED = "planned"  # waits for its batch's print files
    READY = "ready"
    CLAIMED = "claimed"  # a station has it
    STARTED = "started"  # being written on the card with `uid`
    DONE = "done"  # read back and found equal


JOB_MOVES: Moves[JobState] = {
    JobState.PLANNED: frozenset({JobState.READY}),
    JobState.READY: frozenset({JobState.CLAIMED}),
    JobState.CLAIMED: frozenset({JobState.STARTED, JobState.READY}),
    JobState.STARTED: frozenset({JobState.DONE, JobState.CLAIMED}),
    JobState.DONE: frozenset(),
}
