"""An encoding station: takes chip jobs from the portal, writes the cards, tells the portal.

Each job is done on one card, once, however often the station dies: the journal is on disk and the
portal knows the card's UID before the first byte is written, and an interrupted job goes on only
with that card, until the portal says that a person has freed the job of it. A card that carries a
job of its own is never taken for another.
"""

import base64
import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from encoding import profiles
from encoding.bench import Bench
from encoding.content import CardContent
from encoding.errors import CardGone, DeadSector, ReaderFailed, ReaderFault, Unfit, WrongKey
from encoding.journal import Entry, Journal, State
from encoding.keys import StationKeys
from encoding.plan import RANDOM, encode
from encoding.portal import Conflict, Portal, Stopped, Unavailable
from encoding.readers import Reader
from encoding.writer import Expect, Written, write

LOOK_EVERY_S = 0.5
"""How often to look for a card that a person has to lay on the reader."""
ASK_EVERY_S = 2.0
"""How often to ask the portal for work when it has none, and whether a card that is not laid is
still the job's."""
LOOKS = round(ASK_EVERY_S / LOOK_EVERY_S)

_log = logging.getLogger("encoding.station")


@dataclass(frozen=True)
class Job:
    """A chip job as the portal hands it out. uid: of the card it is on there, in hex, or empty."""

    id: str
    profile: str
    content: CardContent
    uid: str | None  # None where the portal is one that does not tell

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Job":
        """Raises Unfit when the content cannot stand on a card."""
        content = CardContent.from_json(data["content"], generation=data["generation"])
        return cls(str(data["id"]), data["profile"], content, data.get("uid"))


class Station:
    """One station: a portal, a bench, the keys and the journal.

    open_reader: makes a Reader of the bench's path.
    """

    def __init__(
        self,
        name: str,
        *,
        portal: Portal,
        bench: Bench,
        keys: StationKeys,
        diary: Journal,
        open_reader: Callable[[str], Reader],
        stopping: threading.Event,
    ) -> None:
        self.name = name
        self._portal = portal
        self._bench = bench
        self._keys = keys
        self._journal = diary
        self._open_reader = open_reader
        self._stopping = stopping

    def work(self) -> None:
        """Does jobs until told to stop; faults of cards, reader and portal are outlived."""
        while not self._stopping.is_set():
            try:
                done = self.work_once()
            except (Conflict, Unavailable, Unfit, ReaderFault) as fault:
                _log.warning("%s", fault)
                done = False
            if not done:
                self._stopping.wait(ASK_EVERY_S)

    def work_once(self) -> bool:
        """One job, to its end; False if the portal has none waiting.

        Raises what the portal, the reader or the job's content gave; the job stays ours.
        """
        claimed = self._portal.claim(self.name)
        if claimed is None:
            return False
        job = Job.from_json(claimed)
        entry = self._taken_up(job)
        if entry is None or entry.report is None:
            entry = self._encode_until_verified(job)
        self._bench.finished(entry.uid, job.content.card_number)
        if entry.report is not None:
            self._portal.done(job.id, entry.report)
        self._journal.reported(job.id)
        _log.info("job %s done on card %s", job.id, entry.uid.hex())
        return True

    def _taken_up(self, job: Job) -> Entry | None:
        """The card that the job goes on with, if it is on one.

        Where the portal knows of none, either it never heard of ours, which then is untouched, or
        a person has freed the job. A half-written card is refused if it is laid as a blank one.
        """
        entry = self._journal.entry(job.id)
        if entry is None or job.uid != "":
            return entry
        if entry.state == State.STARTED:
            self._journal.forget(job.id)
        else:
            _log.warning("job %s was freed: card %s is waste", job.id, entry.uid.hex())
            self._bench.wasted(entry.uid)
            self._journal.scrap(job.id)
        return None

    def _encode_until_verified(self, job: Job) -> Entry:
        """The job's card is verified, if need be over several layings and several cards."""
        while True:
            entry = self._journal.entry(job.id)
            self._bench.lay(entry.uid if entry else None)
            try:
                with self._open_reader(self._bench.path) as reader:
                    self._encode(job, reader, entry)
            except CardGone as gone:
                _log.info("job %s: %s; lay the card back", job.id, gone)
                self._pause()
            except (DeadSector, WrongKey) as waste:
                self._scrap(job, str(waste))
            else:
                verified = self._journal.entry(job.id)
                if verified is None:
                    raise ReaderFailed("the journal lost a card")
                return verified

    def _encode(self, job: Job, reader: Reader, entry: Entry | None) -> None:
        uid = self._wait_for_card(job, reader, entry)
        random = (entry and entry.random) or secrets.token_bytes(RANDOM)
        card = encode(
            job.content,
            uid=uid,
            profile=profiles.load(job.profile),
            keys=self._keys,
            random=random,
        )
        if entry is None:
            self._journal.start(job.id, uid, random=random, plan=card.digest())
        self._tell_started(job, uid, card.digest(), already=entry is not None)
        fresh = entry is None and job.content.generation == 1
        written = write(reader, card, expect=Expect.BLANK if fresh else Expect.OURS)
        self._journal.verify(job.id, report(written))

    def _tell_started(self, job: Job, uid: bytes, plan: str, *, already: bool) -> None:
        """The portal knows the card; if it knows another, ours is still untouched and free."""
        try:
            self._portal.started(job.id, uid=uid, plan=plan)
        except Conflict:
            if not already:
                self._journal.forget(job.id)
            raise

    def _wait_for_card(self, job: Job, reader: Reader, entry: Entry | None) -> bytes:
        """The UID on the reader: the job's own card, or one that no other job has used.

        Raises Conflict when the portal no longer has the job on its card.
        """
        looks = 0
        while True:
            try:
                uid = reader.select(entry.uid if entry else None)
            except CardGone:
                uid = b""
            if uid and (entry or job.content.generation > 1 or not self._journal.job_on(uid)):
                return uid
            self._pause()
            looks += 1
            if entry and looks % LOOKS == 0:
                self._require_on(job, entry)

    def _require_on(self, job: Job, entry: Entry) -> None:
        """The portal still has the job on its card. Raises Conflict otherwise."""
        now = self._portal.claim(self.name) or {}
        if (now.get("id"), now.get("uid", entry.uid.hex())) != (job.id, entry.uid.hex()):
            raise Conflict("freed", f"job {job.id} is no longer on card {entry.uid.hex()}")

    def _scrap(self, job: Job, reason: str) -> None:
        entry = self._journal.entry(job.id)
        if entry is None:
            raise ReaderFailed(reason)
        _log.warning("job %s: card %s is waste: %s", job.id, entry.uid.hex(), reason)
        self._portal.scrapped(job.id, uid=entry.uid, reason=reason)
        self._bench.wasted(entry.uid)
        self._journal.scrap(job.id)

    def _pause(self) -> None:
        if self._stopping.wait(LOOK_EVERY_S):
            raise Stopped("told to stop while waiting for a card")


def report(written: Written) -> dict[str, str]:
    """What `done` tells the portal; `attestation.verify_report` checks it there."""
    signed = written.attestation
    return {
        "uid": written.uid.hex(),
        "public_record": base64.b64encode(signed.public_record).decode(),
        "personal_digest": signed.personal_digest.hex(),
        "signature": base64.b64encode(signed.signature).decode(),
        "key_id": signed.key_id.hex(),
        "image_digest": written.image_digest,
    }
