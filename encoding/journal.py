"""The station's own memory of which card each job is on; on disk before the first write.

It holds no name and no key: the job's content is asked of the portal again after a crash. The
random bytes are kept until the card is verified, so that the same job gives the same plan.
"""

import json
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

_TABLE = """
CREATE TABLE IF NOT EXISTS cards (
    job TEXT NOT NULL,
    uid BLOB NOT NULL,
    state TEXT NOT NULL,
    random BLOB,
    plan TEXT NOT NULL,
    report TEXT,
    PRIMARY KEY (job, uid)
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_card_for_a_job ON cards (job) WHERE state <> 'scrapped';
"""


class State(StrEnum):
    """started -> verified -> reported, or scrapped."""

    STARTED = "started"
    VERIFIED = "verified"
    REPORTED = "reported"
    SCRAPPED = "scrapped"


@dataclass(frozen=True)
class Entry:
    """The card that a job is on. random: until verified; report: from then on."""

    uid: bytes
    state: State
    random: bytes | None
    report: dict[str, Any] | None


class Journal:
    """Each change is on the disk when its call returns (SQLite, synchronous FULL)."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_TABLE)

    def close(self) -> None:
        """Nothing is open any more."""
        self._db.close()

    def entry(self, job: str) -> Entry | None:
        """The card the job is on now; None if it has none (or its card was scrapped)."""
        row = self._db.execute(
            "SELECT uid, state, random, report FROM cards WHERE job = ? AND state <> 'scrapped'",
            (job,),
        ).fetchone()
        if row is None:
            return None
        uid, state, random, report = row
        return Entry(uid, State(state), random, json.loads(report) if report else None)

    def job_on(self, uid: bytes) -> str | None:
        """The last job that was started on the card with this UID."""
        row = self._db.execute(
            "SELECT job FROM cards WHERE uid = ? ORDER BY rowid DESC LIMIT 1", (uid,)
        ).fetchone()
        return row[0] if row else None

    def start(self, job: str, uid: bytes, *, random: bytes, plan: str) -> None:
        """The job is on this card from now on. Raises sqlite3.IntegrityError if on another."""
        self._db.execute(
            "INSERT INTO cards (job, uid, state, random, plan) VALUES (?, ?, 'started', ?, ?)",
            (job, uid, random, plan),
        )

    def verify(self, job: str, report: dict[str, Any]) -> None:
        """The card was read back equal; `report` is what the portal has to hear."""
        self._move(job, State.VERIFIED, "random = NULL, report = ?", json.dumps(report))

    def reported(self, job: str) -> None:
        """The portal knows."""
        self._move(job, State.REPORTED, "report = NULL")

    def scrap(self, job: str) -> None:
        """The card is waste; the job may start on another."""
        self._move(job, State.SCRAPPED, "random = NULL")

    def forget(self, job: str) -> None:
        """The job was never on a card: nothing had been written yet."""
        self._db.execute("DELETE FROM cards WHERE job = ? AND state = 'started'", (job,))

    def _move(self, job: str, state: State, also: str, *values: str) -> None:
        self._db.execute(
            f"UPDATE cards SET state = ?, {also} WHERE job = ? AND state <> 'scrapped'",  # noqa: S608  # `also` is one of the three texts above
            (state, *values, job),
        )
