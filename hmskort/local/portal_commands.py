"""Commands that hand on to another program: `manage`, `road`, `messages` and `bench`."""

import os
from collections.abc import Sequence

from hmskort.local import environment
from hmskort.local.places import PYTHON, ROOT, Places, locked
from hmskort.local.servers import Servers
from hmskort.local.site import Site, free_port
from hmskort.local.supervisor import Supervisor
from hmskort.local.terminal import Trouble
from hmskort.local.testing import foreground, temporary_places, throw_away_servers
from hmskort.local.up import LOCK, addresses, development, running

BENCH = ROOT / "bench"


def manage(places: Places, arguments: Sequence[str]) -> int:
    """One of Django's own commands, on the data of the portal whether it runs or not."""
    environment.ensure(environment.RUN)
    places.make()
    servers = Servers(places)
    argv = [str(PYTHON), str(ROOT / "manage.py"), *arguments]
    known = addresses(places)
    env = development(servers, known)
    if known:
        return foreground(argv, env)
    busy = "A portal is starting or stopping; try again."
    with locked(places.data / LOCK, otherwise=busy), Supervisor() as supervisor:
        supervisor.start(*servers.programs())
        supervisor.wait_ready()
        return foreground(argv, env)


def road(places: Places, arguments: Sequence[str]) -> int:
    """The whole road, walked in the portal that runs, or in one started for it."""
    if addresses(places):
        return _walk(places, arguments)
    with running(Site(places, free_port(), free_port())):
        return _walk(places, arguments)


def bench(name: str, arguments: Sequence[str]) -> int:
    """One measurement, in servers of its own that keep what they are told."""
    scripts = sorted(file.stem for file in BENCH.glob("[a-z]*.py"))
    if name not in scripts:
        raise Trouble(f"There is no bench {name}; there are: {', '.join(scripts) or 'none yet'}.")
    environment.ensure(environment.DEVELOPMENT)
    with throw_away_servers(durable=True) as env:
        # The house comes first: a bench may be called as the room that it measures.
        env |= {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), str(BENCH)])}
        return foreground([str(PYTHON), str(BENCH / f"{name}.py"), *arguments], env)


def messages(arguments: Sequence[str]) -> int:
    """Every text of the product stands in the catalogues; 1 while some lack a translation."""
    environment.ensure(environment.DEVELOPMENT)
    with temporary_places() as places:
        env = Servers(places).environment("test")
        module = ["-m", "hmskort.local.translations", "update"]
        return foreground([str(PYTHON), *module, *arguments], env)


def _walk(places: Places, arguments: Sequence[str]) -> int:
    env = development(Servers(places), addresses(places))
    cards = str(places.data / "cards")
    return foreground([str(PYTHON), "-m", "hmskort.road", "--cards", cards, *arguments], env)
