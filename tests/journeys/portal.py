"""The portal as a person starts it: one command, with data of its own that are gone afterwards."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from hmskort.local.places import ROOT, Places
from hmskort.local.process_tree import start
from hmskort.local.site import Site, free_port
from hmskort.local.testing import temporary_places
from hmskort.local.up import addresses

STARTS_WITHIN_S = 170.0
STOPS_WITHIN_S = 60.0
PATIENCE_S = 60.0
Found = TypeVar("Found")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")  # the servers of the tests are not the portal's


@dataclass(frozen=True)
class Portal:
    """Where the portal and its outside world are, and what the outside world can tell."""

    base_url: str
    simulators_url: str
    log: Path  # of the portal's web server

    def errors_after(self, place: int) -> str:
        """What went wrong in the portal since its log was that long."""
        with self.log.open(errors="replace") as log:
            log.seek(place)
            told = log.read()
        return told if "Traceback" in told else ""

    def mails(self, to: str) -> list[dict[str, Any]]:
        """What the inbox holds for the address, newest first."""
        found = self._read(f"/inbox/messages.json?to={to}").json()["messages"]
        return [message for message in found if to in message["to"]]

    def mail(self, to: str, about: str) -> dict[str, Any]:
        """The newest mail to the address that holds the words, once it has come."""

        def come() -> dict[str, Any] | None:
            mails = self.mails(to)
            return next((m for m in mails if about in f"{m['subject']}\n{m['text']}"), None)

        return eventually(come, f"a mail to {to} about {about}")

    def changes(self, what: str, **facts: str) -> None:
        """The hand of the outside world does it: a fact is another from now on."""
        httpx.post(f"{self.simulators_url}/_hand/{what}", json=facts).raise_for_status()

    def payments(self, order: str) -> list[dict[str, Any]]:
        """Every payment page that the provider was asked for on the order, the newest first."""
        books = self._read("/nexi/_books/").text
        links = re.findall(rf'href="([^"]+)">JSON<span[^>]*> for ordre {order}<', books)
        return [self._read(f"/nexi/_books/{link}").json() for link in links]

    def books(self, order: str) -> dict[str, int]:
        """The payment provider's own sums for the order, in øre."""
        sums: dict[str, int] = self._book(order)["summary"]
        return sums

    def where_the_payer_comes_back(self, order: str) -> str:
        """The portal's page that the payment page leads to."""
        return str(self._book(order)["checkout"]["returnUrl"])

    def _book(self, order: str) -> dict[str, Any]:
        payments = self.payments(order)
        assert payments, f"the provider knows nothing of {order}"
        return payments[0]

    @contextmanager
    def fault(self, service: str, mode: str, seconds: float | None = None) -> Iterator[None]:
        """The outside service misbehaves inside the block."""
        self._switch(service, mode, seconds)
        try:
            yield
        finally:
            self._switch(service, "off", None)

    def _switch(self, service: str, mode: str, seconds: float | None) -> None:
        address = f"{self.simulators_url}/_faults/{service}"
        httpx.post(address, json={"mode": mode, "seconds": seconds}).raise_for_status()

    def _read(self, address: str) -> httpx.Response:
        return httpx.get(self.simulators_url + address, timeout=30).raise_for_status()


def eventually(look: Callable[[], Found | None], what: str) -> Found:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.2)
    return found


@contextmanager
def running() -> Iterator[Portal]:
    """Servers, portal, simulators, worker, beat and an encoding station; all ended afterwards."""
    with temporary_places() as places:
        site = Site(places, free_port(), free_port())
        process = _up(site, places.data / "up.log")
        try:
            _wait_until_open(process, places)
            yield Portal(site.base_url, site.simulators_url, places.log / "portal.log")
        finally:
            process.terminate()
            process.wait(STOPS_WITHIN_S)


def _up(site: Site, log: Path) -> subprocess.Popen[bytes]:
    ports = ("--port", str(site.port), "--simulators-port", str(site.simulators_port))
    argv = (sys.executable, "-m", "hmskort", "up", "--data", str(site.places.data), *ports)
    env: Mapping[str, str] = {name: os.environ[name] for name in KEPT if name in os.environ}
    with log.open("wb") as output:
        return start(argv, env=env, output=output, cwd=ROOT)


def _wait_until_open(process: subprocess.Popen[bytes], places: Places) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not addresses(places):
        told = (places.data / "up.log").read_text()
        assert process.poll() is None, f"the portal ended: {told}"
        assert time.monotonic() < deadline, f"the portal does not open: {told}"
        time.sleep(0.2)
