"""The two servers everything stands on, and the environment that tells the programs of them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from hmskort.local import secret_files
from hmskort.local.places import ROOT, VENV, Places
from hmskort.local.postgres import Cluster
from hmskort.local.programs import Program
from hmskort.local.valkey import Valkey

# Settings of the person's own that reach the programs; the rest would make starts differ.
KEPT = ("PATH", "HOME", "LANG", "TERM", "TMPDIR", "COLUMNS", "DATABASE_URL", "REDIS_URL")
KEPT_PREFIXES = ("HMSKORT_", "PYTEST_", "LC_", "SSL_CERT_")


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Valkey for one set of data; a given address replaces either."""

    places: Places
    durable: bool = True
    given: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def programs(self) -> list[Program]:
        """Those that must be started here."""
        programs = []
        if "DATABASE_URL" not in self.given:
            programs.append(Cluster.at(self.places, durable=self.durable).prepare())
        if "REDIS_URL" not in self.given:
            programs.append(Valkey.at(self.places).prepare())
        return programs

    def environment(self, kind: str) -> dict[str, str]:
        """What every program gets to know; `kind` is development or test."""
        kept = {name: value for name, value in self.given.items() if _is_kept(name)}
        own_keys = secret_files.ensure(self.places.secrets)
        return {
            **{name: file for name, file in own_keys.items() if name not in kept},
            "DATABASE_URL": Cluster.at(self.places).url,
            "REDIS_URL": Valkey.at(self.places).url,
            "HMSKORT_MEDIA_ROOT": str(self.places.media),
            "HMSKORT_STATIC_ROOT": str(self.places.static),
            **kept,
            "HMSKORT_ENV": kind,
            "PATH": f"{VENV / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "hmskort.settings",
            "PYTHONUNBUFFERED": "1",
        }


def _is_kept(name: str) -> bool:
    return name in KEPT or name.startswith(KEPT_PREFIXES)
