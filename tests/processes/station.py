"""An encoding station as the launcher starts it, on a reader of its own or on one of the tests'."""

import signal
import subprocess
from pathlib import Path

from hmskort.local.places import ROOT
from hmskort.local.process_tree import descendants
from tests.processes.portal import Portal, is_alive, kill_all

ENDS_WITHIN_S = 30.0


class Station:
    """The one station that the portal knows: the same journal and cards at every start."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.cards = portal.places.data / "cards"
        self._log = portal.places.log / "station.log"
        self._process = None

    def start(self, reader: str = "virtual") -> None:
        program = self.portal.site.background(self.portal.env, station=True)[-1]
        argv = [reader if part == "virtual" else part for part in program.argv]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                argv,
                env=program.env,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9 of the station alone; the reader it started ends by itself."""
        children = descendants(self._process.pid)
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.portal.until(lambda: not any(map(is_alive, children)), "its reader ends as well")

    def stop(self) -> None:
        """It has ended as a person would end it; a card begun is finished first."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            kill_all(self._process)

    def encode_all(self) -> None:
        """Whatever waits to be encoded is done, on the station's own virtual reader."""
        waiting = "SELECT count(*) FROM production_chipjob WHERE state NOT IN ('done', 'cancelled')"
        if self.portal.value(waiting):
            self.start()
            self.portal.until(lambda: not self.portal.value(waiting), "every chip is written")
            self.stop()

    def image(self, number: str) -> bytes:
        """The chip of a finished card, as it came from the station's own reader."""
        return (self.cards / f"{number}.mfd").read_bytes()

    @property
    def public_keys(self) -> str:
        return Path(self.portal.env["HMSKORT_CHIP_PUBLIC_KEYS"]).read_text()
