"""What goes wrong in a storm: who is killed with -9, and how the payment service misbehaves."""

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable

import httpx
import psycopg

from tests.processes.portal import Portal

# How often each happens, in comparison with the others.
KILLS = {"portal": 3, "worker": 4, "beat": 1, "valkey": 2, "postgres": 2, "simulators": 1}
MISBEHAVES = ("slow", "silent", "lost", "500", "429", "garbage", "wrong_shape")
POINTS = {"worker at the money": 2, "postgres at the money": 1, "everything at once": 1}
FAULTS_OF_PAYMENT = 5
LOST_S = 4.0  # shorter than the portal waits for the payment service


class Weather:
    """So many faults, one after the other, with a moment of sun between them.

    Of one thread: what it starts ends when the thread does.
    """

    def __init__(
        self, portal: Portal, faults: int, *, seed: int, tell: Callable[[str], None]
    ) -> None:
        self._portal, self._faults, self._tell = portal, faults, tell
        self._random = random.Random(seed)
        self.dealt: Counter[str] = Counter()
        self.kills = 0  # of who may have had a message in hand
        self.over_at = 0.0

    def storm(self, between: Callable[[], None]) -> None:
        """All of it; `between` is called after each fault."""
        kinds = {**{f"kill {name}": weight for name, weight in KILLS.items()}, **POINTS}
        kinds["payment"] = FAULTS_OF_PAYMENT
        for number in range(1, self._faults + 1):
            (kind,) = self._random.choices(list(kinds), list(kinds.values()))
            self._deal(kind, number)
            between()
            time.sleep(self._random.uniform(0.2, 2.0))
        self.over_at = time.monotonic()

    def _deal(self, kind: str, number: int) -> None:
        said = kind
        if kind == "payment":
            said = f"payment {self._misbehave()}"
        elif kind in POINTS:
            self._at_the_money(kind)
        else:
            self._kill(kind.removeprefix("kill "))
        self.dealt[said] += 1
        self._tell(f"{number:4}  {said}")
        self._portal.make_whole()

    def _kill(self, *names: str) -> None:
        for name in names:
            self._portal.kill(name)
            self.kills += name in {"worker", "postgres", "portal", "simulators"}
            if name == "valkey" and self._random.random() < 0.5:
                shutil.rmtree(self._portal.places.data / "valkey", ignore_errors=True)
        time.sleep(self._random.uniform(0.1, 1.5))

    def _misbehave(self) -> str:
        mode = self._random.choice(MISBEHAVES)
        self._portal.fault("payments", mode, seconds=self._random.uniform(1.0, 4.0))
        time.sleep(self._random.uniform(1.5, 4.0))
        self._portal.heal("payments")
        return mode

    def _at_the_money(self, kind: str) -> None:
        """A named point: the payment service has done it, nobody here knows, and who asked dies."""
        before = self._moved()
        self._portal.fault("payments", "lost", LOST_S)
        deadline = time.monotonic() + LOST_S
        while time.monotonic() < deadline and self._moved() == before:
            time.sleep(0.05)
        match kind:
            case "worker at the money":
                self._kill("worker")
            case "postgres at the money":
                self._kill("postgres")
            case _:
                self._kill("worker", "beat", "portal", "valkey", "postgres")

    def _moved(self) -> int:
        """How much the payment service has done, as its own books say."""
        sql = (
            "SELECT coalesce(sum(jsonb_array_length(body->'charges')"
            " + jsonb_array_length(body->'refunds') + (body->>'cancelled')::bigint), 0)"
            " FROM simulators_document WHERE collection = 'nexi.payments'"
        )
        try:
            return int(self._portal.value(sql))
        except (psycopg.Error, httpx.HTTPError):
            return -1
