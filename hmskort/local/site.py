"""The processes of a running portal and what each is told."""

import http.client
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hmskort.local import secret_files
from hmskort.local.places import PYTHON, VENV, Places
from hmskort.local.programs import Program
from hmskort.local.terminal import Trouble

HOST = "127.0.0.1"
WORKER_PROCESSES = 2


@dataclass(frozen=True)
class Site:
    """A portal and its simulated outside world on two ports of this machine."""

    places: Places
    port: int
    simulators_port: int

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def simulators_url(self) -> str:
        return f"http://localhost:{self.simulators_port}"

    def addresses(self) -> dict[str, str]:
        """For the environment of every program."""
        return {
            "HMSKORT_BASE_URL": self.base_url,
            "HMSKORT_SIMULATORS_URL": self.simulators_url,
        }

    def refuse_taken_ports(self) -> None:
        for port, option in ((self.port, "--port"), (self.simulators_port, "--simulators-port")):
            if not _is_free(port):
                raise Trouble(f"Port {port} is taken by another program; stop it or use {option}.")

    def web(self, env: Mapping[str, str]) -> list[Program]:
        cores = os.cpu_count() or 1
        simulators_env = {**env, "HMSKORT_SITE": "simulators"}
        return [
            self._granian("portal", self.port, min(cores, 4), env),
            self._granian("simulators", self.simulators_port, 1, simulators_env, threads=64),
        ]

    def background(self, env: Mapping[str, str], *, station: bool) -> list[Program]:
        celery = (str(PYTHON), "-m", "celery", "-A", "hmskort.celery")
        quiet = ("--without-gossip", "--without-mingle", "--concurrency", str(WORKER_PROCESSES))
        schedule = str(self.places.data / "beat-schedule")
        programs = [
            self._program("worker", (*celery, "worker", "-l", "INFO", *quiet), env),
            self._program("beat", (*celery, "beat", "-s", schedule, "--pidfile="), env),
        ]
        return [*programs, *([self._station(env)] if station else [])]

    def _station(self, env: Mapping[str, str]) -> Program:
        options = {
            "--portal": self.base_url,
            "--name": secret_files.STATION,
            "--token-file": str(secret_files.station_token(self.places.secrets)),
            "--keys": str(self.places.secrets / "chip"),
            "--reader": "virtual",
            "--cards": str(self.places.data / "cards"),
            "--journal": str(self.places.data / "station.sqlite3"),
        }
        given = tuple(part for option in options.items() for part in option)
        return self._program("station", (str(PYTHON), "-m", "encoding", "station", *given), env)

    def _granian(
        self, name: str, port: int, workers: int, env: Mapping[str, str], *, threads: int = 4
    ) -> Program:
        """A web server. The simulators need many threads: a simulated silence holds one."""
        where = ("--host", HOST, "--port", str(port))
        size = ("--workers", str(workers), "--blocking-threads", str(threads), "--backlog", "1024")
        care = ("--respawn-failed-workers", "--workers-kill-timeout", "5", "--no-ws")
        argv = (str(VENV / "bin" / "granian"), "--interface", "wsgi", *where, *size, *care)
        program = self._program(name, (*argv, "hmskort.wsgi:application"), env)
        return replace(program, is_ready=lambda: shows_a_page(port))

    def _program(self, name: str, argv: tuple[str, ...], env: Mapping[str, str]) -> Program:
        return Program(name, argv, env, self.places.log / f"{name}.log")


def shows_a_page(port: int) -> bool:
    """The front page comes whole."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
