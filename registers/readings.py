"""A register's whole file becomes facts, or is held until a person has looked at what it would do.

A file is merged, weighed and told of in one transaction. One that is unreadable, has shrunk beyond
belief, or would make too many valid cards not valid changes nothing: what was read before stands,
with its age, and those who operate the portal are told once (log, history, e-mail).
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.services import ServiceError
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.notifications.actions import tell
from registers.models import Snapshot
from registers.snapshots import Shrunken, Version, refuse_if_shrunken

log = logging.getLogger(__name__)

MAY_LOSE = Fraction(5, 1000)  # of the valid cards, by one file
TOLD_AT_ONCE = 500  # companies in one effect
MAY_ALWAYS_LOSE = 50  # cards: one company's loss reaches its cards also in a small portal


@dataclass(frozen=True)
class Stakes:
    """What changed facts mean for cards: how many are valid, and how many of them no longer are."""

    valid: int = 0
    lost: int = 0

    @property
    def too_high(self) -> bool:
        return self.lost > MAY_ALWAYS_LOSE and self.lost > self.valid * MAY_LOSE


@dataclass(frozen=True)
class Merged:
    """What a file made of the facts.

    changed: main units of whom, or of whose sub-units, it says something new. told: the units of
    whom whoever rests on the register is to hear.
    """

    version: Version
    generated_at: datetime | None
    changed: frozenset[str]
    told: frozenset[str]


@dataclass(frozen=True)
class Weighed:
    """What a file would change, shown to whoever decides about it. before: None for the first."""

    before: Version | None
    merged: Merged
    stakes: Stakes


# What is done with a file that has been fetched: it is merged, in the caller's transaction.
Merge = Callable[[Snapshot, datetime], Merged]
# The file, or None when it is still the one that was read before.
Fetch = Callable[[Version | None], Merge | None]


class Outrun(Exception):
    """Another worker has read the register meanwhile."""


def read(register: str, fetch: Fetch) -> Merged | None:
    """The register's file is taken in if it is new; what changed, or None when nothing was merged.

    `Snapshot.read_at` tells whether the register was heard, `trouble` and `held` why it was not.
    """
    before, at = _begin(register), clock.now()
    try:
        merge = fetch(before)
        return _keep(register, before, merge, at)
    except Outrun:
        log.info("%s was read by another worker", register)
    except Shrunken as refused:
        _hold(register, refused)
    except ServiceError as trouble:
        log.warning("%s cannot be read: %s", register, trouble.what)
        Snapshot.objects.filter(pk=register).update(trouble=trouble.what[:200])
    return None


def weigh(register: str, merge: Merge) -> Weighed:
    """What the file would change, if it were accepted. Nothing is changed."""
    with transaction.atomic(durable=True):
        weighed = _weighed(_locked(register), merge, clock.now())
        transaction.set_rollback(True)
    return weighed


@owns_transaction
def accept(*, register: str, merge: Merge, actor: Actor) -> Weighed:
    """The file is taken in as it is: a person knows that it is right."""
    at, snapshot = clock.now(), _locked(register)
    weighed = _weighed(snapshot, merge, at)
    _tell(register, weighed.merged.told, at)
    record(
        "register_file:accepted",
        actor=actor,
        subject=snapshot,
        rows=weighed.merged.version.rows,
        changed=len(weighed.merged.changed),
        cards_lost=weighed.stakes.lost,
    )
    return weighed


@owns_transaction
def _begin(register: str) -> Version | None:
    snapshot, _ = Snapshot.objects.get_or_create(register=register)
    Snapshot.objects.filter(pk=register).update(tried_at=clock.now())
    return version_of(snapshot)


@owns_transaction
def _keep(
    register: str, before: Version | None, merge: Merge | None, at: datetime
) -> Merged | None:
    snapshot = Snapshot.objects.select_for_update().get(pk=register)
    if version_of(snapshot) != before:
        raise Outrun
    if merge is None:
        Snapshot.objects.filter(pk=register).update(read_at=at, trouble="", held=None)
        return None
    weighed = _weighed(snapshot, merge, at)
    refuse_if_shrunken(register, before, weighed.merged.version)
    stakes = weighed.stakes
    if stakes.too_high:
        lost = f"{stakes.lost} of {stakes.valid} valid cards would not be valid"
        raise Shrunken(register, lost, weighed.merged.version)
    _tell(register, weighed.merged.told, at)
    return weighed.merged


@inside_transaction
def _weighed(snapshot: Snapshot, merge: Merge, at: datetime) -> Weighed:
    """The facts are those of the file, and what that means for cards."""
    before = version_of(snapshot)
    merged = merge(snapshot, at)
    snapshot.version, snapshot.generated_at = asdict(merged.version), merged.generated_at
    snapshot.read_at, snapshot.trouble, snapshot.held = at, "", None
    snapshot.save()
    weighed_by: Callable[[Collection[str]], Stakes] = import_string(settings.FACTS_WEIGHED_BY)
    return Weighed(before, merged, weighed_by(merged.changed))


def version_of(snapshot: Snapshot) -> Version | None:
    """The file that was last taken in."""
    return Version(**snapshot.version) if snapshot.version else None


def _locked(register: str) -> Snapshot:
    Snapshot.objects.get_or_create(register=register)
    return Snapshot.objects.select_for_update().get(pk=register)


@inside_transaction
def _tell(register: str, orgnrs: Collection[str], at: datetime) -> None:
    """Whoever rests on the register hears, some hundred companies at a time."""
    subjects = sorted(orgnrs)
    for first in range(0, len(subjects), TOLD_AT_ONCE):
        outbox.enqueue(
            "facts:changed_many",
            key=f"{register}:{first}:{at.isoformat()}",
            source=register.partition(".")[0],  # one register may have several files
            subjects=subjects[first : first + TOLD_AT_ONCE],
        )


@owns_transaction
def _hold(register: str, refused: Shrunken) -> None:
    """An alarm, once per file that is held: what was read before stands until a person accepts."""
    log.critical("%s: %s; what was read before stands", register, refused.what)
    snapshot = Snapshot.objects.select_for_update().get(pk=register)
    held = asdict(refused.version) if refused.version else None
    news = held is None or snapshot.held != held  # what it would cost is another from hour to hour
    snapshot.trouble, snapshot.held = refused.what[:200], held
    snapshot.save(update_fields=["trouble", "held"])
    if news:
        record("register_file:refused", actor=SYSTEM, subject=snapshot, why=refused.what)
        _tell_operators(snapshot)


@inside_transaction
def _tell_operators(snapshot: Snapshot) -> None:
    if not settings.OPERATORS_EMAIL:
        return
    tell(
        key=f"register-file:{snapshot.pk}:{clock.now().isoformat()}",
        template="register_file_held",
        to=settings.OPERATORS_EMAIL,
        context={"register": snapshot.pk, "why": snapshot.trouble, "read_at": snapshot.read_at},
    )
