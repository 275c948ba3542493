"""The seam between a service's `simulator.py` and the simulator site that mounts it.

Each outside service keeps its simulator beside its client. A simulator knows nothing of the site:
it is handed a `Store` and hands back its routes:

    def urlpatterns_for(store: Store) -> list[URLPattern]: ...

`hmskort.simulators.services` names each service once: its key, the title people see, the path it
is mounted under and that function. The site wraps every view: it is exempt from CSRF and the
service's fault switch stands in front of it, so a simulator holds only the documented contract.

A store keeps JSON documents by collection and key, and feeds of JSON items in order. Collections
are named `service.thing`; a simulator writes only its own. These belong to the world and may be
read by all:

    world.people       national id -> {"place", "name", "case", "about", "logs_in": true|false}
    world.roles        "orgnr:national id:code" -> {"orgnr", "national_id", "role", "group"}
    world.delegations  "orgnr:national id" -> {"orgnr", "national_id", "since", "until"}

(Enhetsregisteret's open roles carry no identity number, so Altinn's simulator reads
`world.roles`.) Messages that were "sent" are items of the feed `inbox`.

Rooms that make demonstration data export `load(world: World) -> str` and are named in the setting
`WORLD_LOADERS`; the answer is one line that says what was made.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

Document = dict[str, Any]

PEOPLE = "world.people"
ROLES = "world.roles"
DELEGATIONS = "world.delegations"
INBOX = "inbox"  # feed: {"kind": "mail" | "sms", "to": [...], "from", "subject", "text", "html"}


@dataclass(frozen=True)
class FeedItem:
    """One item of a feed; `sequence` grows by one within its feed, from 1."""

    sequence: int
    body: Document
    at: str  # ISO 8601, UTC


class Store(Protocol):
    """What simulated services remember, shared by the processes of the simulator site."""

    def get(self, collection: str, key: str) -> Document | None:
        """The document, or None."""

    def put(self, collection: str, key: str, body: Document) -> bool:
        """Store the document in place of any before it; True when something changed."""

    def add(self, collection: str, key: str, body: Document) -> bool:
        """Store the document unless the key is taken; False when it was. Settles races."""

    def delete(self, collection: str, key: str) -> None:
        """Forget the document; forgetting twice does no harm."""

    def all(self, collection: str) -> list[tuple[str, Document]]:
        """Every key and document, by key."""

    def find(self, collection: str, match: Mapping[str, Any]) -> list[Document]:
        """Documents that contain `match` (JSON containment: lists match by any element)."""

    def changing(self, collection: str, key: str) -> AbstractContextManager[Document]:
        """The document, locked, to change in place; stored when the block ends well."""

    def append(self, feed: str, body: Document) -> int:
        """Add an item to the end of a feed; its sequence."""

    def after(self, feed: str, sequence: int, limit: int) -> list[FeedItem]:
        """Items after a sequence, oldest first."""

    def newest(self, feed: str, limit: int, match: Mapping[str, Any]) -> list[FeedItem]:
        """The latest items that contain `match`, newest first."""


@dataclass(frozen=True)
class WorldCompany:
    """A company of the demonstration world: a main unit and its sub-units' numbers."""

    case: str
    orgnr: str
    name: str
    form: str
    subunits: tuple[str, ...]


@dataclass(frozen=True)
class WorldPerson:
    """A synthetic person of the demonstration world."""

    case: str
    national_id: str
    given_names: str
    surname: str
    birth_date: date
    about: str
    former_numbers: tuple[str, ...] = ()
    logs_in: bool = False

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()


class World(Protocol):
    """The demonstration world, seen by those who add to it. Dates are relative to `today`."""

    today: date

    @property
    def people(self) -> Sequence[WorldPerson]:
        """Everybody, in a fixed order."""

    @property
    def companies(self) -> Sequence[WorldCompany]:
        """Every main unit, in a fixed order."""

    def person(self, case: str) -> WorldPerson:
        """The person who stands for a case; KeyError names the cases there are."""

    def company(self, case: str) -> WorldCompany:
        """The company that stands for a case; KeyError names the cases there are."""

    def employees(self, company: WorldCompany) -> Sequence[WorldPerson]:
        """Those employed in the company today, in a fixed order."""
