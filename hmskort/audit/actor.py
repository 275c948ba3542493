"""Who acts, and through which channel."""

import os
import pwd
from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    PERSON = "person"  # a logged-in orderer or holder
    STAFF = "staff"  # reviewer, producer, caseworker, inspector, administrator
    STATION = "station"  # an encoding station
    SYSTEM = "system"  # the portal itself: a task, a rule, a register's change
    ANONYMOUS = "anonymous"


class Channel(StrEnum):
    PORTAL = "portal"
    API = "api"
    LINK = "link"  # a personal upload link
    STATION = "station"
    TASK = "task"
    COMMAND = "command"


@dataclass(frozen=True)
class Actor:
    """Who acts. `id` is a user's id or a station's name, never an identity number."""

    kind: ActorKind
    id: str = ""
    channel: Channel = Channel.PORTAL


SYSTEM = Actor(ActorKind.SYSTEM, channel=Channel.TASK)


def whoever_runs_this() -> Actor:
    """Whoever has this machine's keys and runs a command; the name is of the machine's user."""
    return Actor(ActorKind.SYSTEM, pwd.getpwuid(os.getuid()).pw_name, Channel.COMMAND)
