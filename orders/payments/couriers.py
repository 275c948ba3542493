"""How simulated payment providers tell the shop what happened.

Messages are written with their cause and sent until the shop answers 200. A switch makes them come
as they should not: three times, out of order, late, or never.
"""

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import connection, transaction

from hmskort.common import clock
from hmskort.common.simulation import Document, Store

log = logging.getLogger(__name__)

ATTEMPTS = 20
LONGEST_WAIT_S = 60
TIMEOUT_S = 10.0
LATE_S = 30
MODES = {
    "usual": "kommer straks",
    "thrice": "kommer tre ganger",
    "out_of_order": "kommer i tilfeldig rekkefølge",
    "thrice_out_of_order": "kommer tre ganger i tilfeldig rekkefølge",
    "late": "kommer et halvt minutt for sent",
    "never": "kommer ikke",
}
COPIES = {"thrice": 3, "thrice_out_of_order": 3, "never": 0}
SHUFFLED = {"out_of_order", "thrice_out_of_order"}


@dataclass(frozen=True)
class Courier:
    """Carries the messages of one provider.

    service: the first part of its collections' names. headers: what proves who sent a message,
    made when it is sent, of the letter and its body.
    """

    service: str
    headers: Callable[[Document, bytes], Mapping[str, str]]
    _under_way: threading.Lock = field(default_factory=threading.Lock)

    @property
    def letters(self) -> str:
        """The collection of messages and how often they were tried."""
        return f"{self.service}.webhooks"

    def mode(self, store: Store) -> str:
        """How messages come now."""
        return str((store.get(f"{self.service}.switches", "webhooks") or {}).get("mode", "usual"))

    def set_mode(self, store: Store, wanted: str) -> None:
        """Messages come like that from now. ValueError names the modes."""
        if wanted not in MODES:
            raise ValueError(f"modes: {', '.join(MODES)}")
        store.put(f"{self.service}.switches", "webhooks", {"mode": wanted})

    def write(self, store: Store, key: str, letter: Document) -> None:
        """The letter (`url`, `body`) will be sent; call inside the change that it tells of."""
        how = self.mode(store)
        for number in range(COPIES.get(how, 1)):
            name = f"{key}-{number}"
            store.put(self.letters, name, {"key": name, **letter, **_waiting(how)})
        transaction.on_commit(lambda: self.wake(store))

    def waiting(self, store: Store) -> list[Document]:
        """Messages that are not delivered, the first to go first."""
        letters = store.find(self.letters, {"state": "waiting"})
        return sorted(letters, key=lambda letter: str(letter["due_at"]))

    def wake(self, store: Store) -> None:
        """A courier thread is under way, on the simulator site; elsewhere the caller delivers."""
        if settings.SITE == "simulators" and self._under_way.acquire(blocking=False):
            name = f"{self.service}-webhooks"
            threading.Thread(target=self._run, args=[store], name=name, daemon=True).start()

    def _run(self, store: Store) -> None:
        try:
            with httpx.Client(timeout=TIMEOUT_S) as http:
                while pause_s := self.deliver_due(store, http):
                    time.sleep(pause_s)
        finally:
            connection.close()
            self._under_way.release()

    def deliver_due(self, store: Store, http: httpx.Client) -> float:
        """Messages that are due are tried once; seconds until the next, 0 when none waits."""
        for letter in self.waiting(store):
            if datetime.fromisoformat(letter["due_at"]) <= clock.now():
                self._deliver(store, letter, http)
        left = self.waiting(store)
        if not left:
            return 0
        wait = datetime.fromisoformat(left[0]["due_at"]) - clock.now()
        return max(0.2, min(wait.total_seconds(), 5.0))

    def _deliver(self, store: Store, letter: Document, http: httpx.Client) -> None:
        content = json.dumps(letter["body"]).encode()
        headers = {"Content-Type": "application/json", **self.headers(letter, content)}
        try:
            arrived = http.post(letter["url"], content=content, headers=headers).status_code == 200
        except httpx.TransportError as error:
            log.info("the shop does not take its messages: %s", type(error).__name__)
            arrived = False
        with store.changing(self.letters, letter["key"]) as row:
            row["attempts"] += 1
            if arrived:
                row["state"] = "delivered"
            elif row["attempts"] >= ATTEMPTS:
                row["state"] = "given up"
            else:
                wait_s = min(2 ** row["attempts"], LONGEST_WAIT_S)
                row["due_at"] = (clock.now() + timedelta(seconds=wait_s)).isoformat()


def _waiting(how: str) -> Document:
    shuffle_s = random.uniform(0, 5) if how in SHUFFLED else 0.0  # noqa: S311 - order, not secrecy
    wait_s = LATE_S if how == "late" else shuffle_s
    due_at = (clock.now() + timedelta(seconds=wait_s)).isoformat()
    return {"state": "waiting", "attempts": 0, "due_at": due_at}
