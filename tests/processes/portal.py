"""A portal of the tests' own, whose processes can be killed and started one by one."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from hmskort.local.places import PYTHON, ROOT, Places
from hmskort.local.postgres import Cluster
from hmskort.local.process_tree import descendants, start
from hmskort.local.servers import Servers
from hmskort.local.site import Site, free_port
from hmskort.local.supervisor import Supervisor
from hmskort.local.terminal import ending
from hmskort.local.testing import temporary_places
from hmskort.local.up import development
from hmskort.local.valkey import Valkey

PATIENCE_S = 90.0
LEASE_S = "7"  # longer than the slow answers of these tests; nobody wants to wait for more
LOOK_EVERY_S = 0.05
SERVERS = ("postgres", "valkey")


class Portal:
    """PostgreSQL, Valkey, both sites, worker and beat; nobody starts again what a test has killed.

    Stations are the tests' own: `station.Station`.
    """

    def __init__(self, places: Places, supervisor: Supervisor) -> None:
        self.places = places
        self.site = Site(places, free_port(), free_port())
        self._servers = Servers(places, given={"PATH": os.environ["PATH"]})
        self._supervisor = supervisor
        self._programs = {}
        self._connection = None

    def open(self) -> None:
        self._start(self._servers.programs())
        self.env = development(self._servers, {**self.site.addresses(), "HMSKORT_LEASE": LEASE_S})
        self._prepare()
        self._start(self.site.web(self.env))
        self._start(self.site.background(self.env, station=False))
        self.http = httpx.Client(timeout=20)

    def close(self) -> None:
        """Only the servers still run: what their data are for is over, so nobody else ends well."""
        self.http.close()
        self._forget_connection()
        for name in self._programs:
            if name not in SERVERS:
                self.kill(name)

    def _prepare(self) -> None:
        """Tables and a small world, while static files are gathered beside them."""
        manage = [str(PYTHON), str(ROOT / "manage.py")]
        gathering = self.run([*manage, "collectstatic", "-v0", "--no-input"], "static")
        for command, name in (
            ([*manage, "migrate", "-v0", "--skip-checks"], "migrate"),
            ([str(PYTHON), str(Path(__file__).with_name("small_world.py"))], "world"),
        ):
            assert self.run(command, name).wait() == 0, self.tail(name)
        assert gathering.wait() == 0, self.tail("static")

    def run(self, command: list[str], name: str) -> subprocess.Popen:
        """The command runs with what the portal's programs are told; its log has that name."""
        with (self.places.log / f"{name}.log").open("wb") as output:
            return start(command, env=self.env, output=output, cwd=ROOT)

    def _start(self, programs) -> None:
        for program in programs:
            self._programs[program.name] = program
            self._supervisor.start(program)
        for program in programs:
            self.until(program.is_ready, f"{program.name} answers")

    def start(self, *names: str) -> None:
        """These run again, as the launcher starts them."""
        prepare = {"postgres": Cluster.at(self.places), "valkey": Valkey.at(self.places)}
        self._start(
            [prepare[name].prepare() if name in prepare else self._programs[name] for name in names]
        )

    def kill(self, name: str) -> None:
        """kill -9 of the whole process group, and of what has left it; nothing of it is alive."""
        process = self._supervisor.running[name].process
        if process.poll() is None:
            kill_all(process)
        if name == "postgres":
            self._forget_connection()

    def dead(self) -> list[str]:
        """Who has ended, killed or not."""
        running = self._supervisor.running
        return [name for name in self._programs if running[name].process.poll() is not None]

    def make_whole(self) -> None:
        """Everybody runs, whoever or whatever ended them, and no service has a fault."""
        gone = self.dead()
        self.start(*[name for name in gone if name in SERVERS])
        self.start(*[name for name in gone if name not in SERVERS])
        for service in self.column("SELECT service FROM simulators_fault"):
            self.heal(service)

    def fault(self, service: str, mode: str, seconds: float | None = None) -> None:
        """The simulated service misbehaves from now on."""
        told = {"mode": mode, "seconds": seconds}
        self.until(lambda: self._switched(service, told), f"{service} misbehaves")

    def heal(self, service: str) -> None:
        """The service answers as it should."""
        self.until(lambda: self._switched(service, {"mode": "off"}), f"{service} is healed")

    def _switched(self, service: str, told: dict[str, object]) -> bool:
        """Asked until the simulators' own database is there."""
        address = f"{self.site.simulators_url}/_faults/{service}"
        try:
            return self.http.post(address, json=told).is_success
        except httpx.TransportError:
            return False

    def rows(self, sql: str, *given) -> list[tuple]:
        """What the portal's database answers now."""
        return self._connected().execute(sql, given).fetchall()

    def _connected(self) -> psycopg.Connection:
        if self._connection is None:
            self._connection = psycopg.connect(self.env["DATABASE_URL"], autocommit=True)
        return self._connection

    def column(self, sql: str, *given) -> list:
        return [row[0] for row in self.rows(sql, *given)]

    def value(self, sql: str, *given):
        return self.column(sql, *given)[0]

    def column_of(self, name: str, sql: str, *given) -> list:
        """The named column of whole rows."""
        cursor = self._connected().execute(sql, given)
        place = [column.name for column in cursor.description].index(name)
        return [row[place] for row in cursor]

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def is_at_rest(self) -> bool:
        """Every effect has been carried out, and none was given up; those of a day to come wait."""
        sql = "SELECT state FROM common_effect WHERE state <> 'done'"
        unfinished = self.column(f"{sql} AND (attempts > 0 OR due_at <= now())")
        assert "failed" not in unfinished
        return not unfinished

    def files_of(self, batches: list[int]) -> list[Path]:
        """The print files that the batches name."""
        sql = "SELECT fronts, backs, letters FROM production_batch WHERE id = ANY(%s)"
        return [self.places.media / name for row in self.rows(sql, batches) for name in row]

    def check(self, number: str) -> str:
        """What anyone is told of a card's number."""
        answer = self.http.get(f"{self.site.base_url}/api/check/{number}")
        return answer.json()["status"]

    def until(self, holds, what: str, within_s: float = PATIENCE_S):
        """What `holds` answered when it first was true; fails by the deadline."""
        deadline = time.monotonic() + within_s
        while not (found := holds()):
            assert time.monotonic() < deadline, f"never happened: {what}\n{self.tails()}"
            time.sleep(LOOK_EVERY_S)
        return found

    def tails(self) -> str:
        return "\n".join(map(self.tail, ("worker", "station")))

    def tail(self, name: str) -> str:
        log = self.places.log / f"{name}.log"
        return f"{name}: {ending(log)}" if log.exists() else ""


def kill_all(process) -> None:
    """The process, its group and all below it are killed at once, and gone when this returns."""
    below = descendants(process.pid)
    os.killpg(process.pid, signal.SIGKILL)
    for pid in below:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()
    deadline = time.monotonic() + PATIENCE_S
    while any(is_alive(pid) for pid in below):
        assert time.monotonic() < deadline, f"cannot be killed: {below}"
        time.sleep(LOOK_EVERY_S)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def a_portal() -> Iterator[Portal]:
    with temporary_places() as places, Supervisor() as supervisor:
        portal = Portal(places, supervisor)
        portal.open()
        try:
            yield portal
        finally:
            portal.close()
