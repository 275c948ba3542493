"""`python3 -m hmskort up`: the whole portal as one supervised tree."""

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hmskort.local import chip_keys, environment, system_packages
from hmskort.local.places import Places, is_locked, locked
from hmskort.local.preparation import WHO, prepare
from hmskort.local.servers import Servers
from hmskort.local.site import Site
from hmskort.local.supervisor import Supervisor
from hmskort.local.system_packages import DOCUMENTS
from hmskort.local.terminal import say, step

SHOWN = 10  # people on the page of text
LOCK, ADDRESSES = "up.lock", "addresses.json"


def run(options: argparse.Namespace) -> int:
    """Runs until it is interrupted."""
    places = Places(options.data.resolve())
    site = Site(places, options.port, options.simulators_port or options.port + 1)
    with running(site, station=not options.no_station) as supervisor:
        say(welcome(site))
        try:
            supervisor.watch()
        except KeyboardInterrupt:
            say("\nStopping.")
            raise
    return 0


@contextmanager
def running(site: Site, *, station: bool = True) -> Iterator[Supervisor]:
    """Everything runs and the first page has come."""
    places = site.places
    with locked(places.data / LOCK, otherwise=_already(places)):
        site.refuse_taken_ports()
        environment.ensure(environment.RUN)
        system_packages.ensure(DOCUMENTS)
        places.make()
        with Supervisor() as supervisor:
            _start(site, supervisor, station=station)
            (places.data / ADDRESSES).write_text(json.dumps(site.addresses()))
            try:
                yield supervisor
            finally:
                (places.data / ADDRESSES).unlink(missing_ok=True)


def _start(site: Site, supervisor: Supervisor, *, station: bool) -> None:
    places, servers = site.places, Servers(site.places)
    with step("PostgreSQL and Valkey"):
        supervisor.start(*servers.programs())
        supervisor.wait_ready()
    env = development(servers, site.addresses())
    prepare(places, env)
    with step("The portal and the simulated outside world"):
        supervisor.start(*site.web(env))
        supervisor.wait_ready()
    supervisor.start(*site.background(env, station=station))


def development(servers: Servers, known: Mapping[str, str]) -> dict[str, str]:
    """What the programs of a portal on this machine get to know."""
    keys = chip_keys.ensure(servers.places.secrets)
    return {**servers.environment("development"), **known, **keys}


def _already(places: Places) -> str:
    where = addresses(places).get("HMSKORT_BASE_URL", "its address")
    return (
        f"The portal already runs from {places.data}; open {where}. "
        "Stop it, or start another with --data DIR and --port PORT."
    )


def addresses(places: Places) -> dict[str, str]:
    """Where the portal that uses these data can be reached, as its programs know it; {} if none."""
    file = places.data / ADDRESSES
    if not (is_locked(places.data / LOCK) and file.exists()):
        return {}
    known: dict[str, str] = json.loads(file.read_text())
    return known


def welcome(site: Site) -> str:
    """The page of text that says where to go and as whom."""
    return f"""
  The portal          {site.base_url}
  The outside world   {site.simulators_url}   registers, ID-porten and payment, all simulated
  Mail and SMS        {site.simulators_url}/inbox/
  Logs                {_short(site.places.log)}/

  Log in with ID-porten as one of these, or as any of {site.simulators_url}/people/

{_who(site.places)}
  Ctrl-C stops everything; the data stay in {_short(site.places.data)}/.
"""


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _who(places: Places) -> str:
    """The first people of the world: one of each role."""
    people = (places.data / WHO).read_text().splitlines()[:SHOWN]
    return "".join(f"    {person}\n" for person in people)
