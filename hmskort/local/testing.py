"""`python3 -m hmskort test`: all tests, or those named, against throw-away servers."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hmskort.local import catalogues, environment, system_packages
from hmskort.local.places import PYTHON, ROOT, Places
from hmskort.local.postgres import Cluster
from hmskort.local.process_tree import start
from hmskort.local.servers import Servers
from hmskort.local.supervisor import Supervisor
from hmskort.local.system_packages import BROWSER, DOCUMENTS

ENDS_WITHIN_S = 30.0  # after an interrupt, so that pytest can tell what it had


def run(arguments: Sequence[str]) -> int:
    """Pytest's exit code. Without arguments all tests run, on every core."""
    environment.ensure(environment.DEVELOPMENT)
    system_packages.ensure(DOCUMENTS, BROWSER)
    cores = [] if arguments else ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "worksteal"]
    for folder in catalogues.FOLDERS:
        catalogues.compile_all(folder)
    with throw_away_servers() as env:
        # The databases go with their server; dropping one waits for whoever still looks at it.
        return foreground([str(PYTHON), "-m", "pytest", "--reuse-db", *cores, *arguments], env)


@contextmanager
def throw_away_servers(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """The environment of servers whose data is gone afterwards."""
    with temporary_places() as places:
        servers = Servers(places, durable=durable)
        with Supervisor() as supervisor:
            supervisor.start(*servers.programs())
            supervisor.wait_ready()
            yield servers.environment("test")


@contextmanager
def temporary_places() -> Iterator[Places]:
    folder = Path(tempfile.mkdtemp(prefix="hmskort-"))
    places = Places(folder)
    try:
        places.make()
        yield places
    finally:
        Cluster.forget(places)
        shutil.rmtree(folder, ignore_errors=True)


def foreground(argv: list[str], env: dict[str, str]) -> int:
    """Its exit code; it has the terminal, so Ctrl-C reaches it without us."""
    process = start(argv, env=env, cwd=ROOT, apart=False)
    try:
        code = process.wait()
    except KeyboardInterrupt as interrupt:
        if interrupt.args[0] != signal.SIGINT:
            process.send_signal(signal.SIGINT)
        code = _patiently(process)
    return 128 - code if code < 0 else code


def _patiently(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(timeout=ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
