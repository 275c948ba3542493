"""The two registers of Arbeidstilsynet, each published as one file that is read and compared.

A file that is unreadable, or has shrunk beyond belief, changes nothing: what was read before
stands, with its age.
"""

import logging
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection

from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.services import ServiceError
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers.clients import client
from registers.models import Approval, Company
from registers.models import Snapshot as Reading
from registers.renholdsregisteret.answers import MAY_ORDER
from registers.requirements.approvals import CLEANING, STAFFING
from registers.snapshots import Shrunken, Snapshot, Version

log = logging.getLogger(__name__)

REGISTERS = (CLEANING, STAFFING)
# All rows are told in one statement; only those that differ are written.
MERGE = """
WITH told AS (
    SELECT * FROM unnest(%(orgnrs)s::text[], %(mains)s::text[], %(statuses)s::text[])
        AS row(orgnr, main_orgnr, status)
), gone AS (
    DELETE FROM registers_approval
    WHERE register = %(register)s AND orgnr NOT IN (SELECT orgnr FROM told)
    RETURNING main_orgnr
), differing AS (
    SELECT orgnr, main_orgnr, status FROM told
    EXCEPT
    SELECT orgnr, main_orgnr, status FROM registers_approval WHERE register = %(register)s
), written AS (
    INSERT INTO registers_approval (register, orgnr, main_orgnr, status, since_at)
    SELECT %(register)s, orgnr, main_orgnr, status, %(at)s FROM differing
    ON CONFLICT (register, orgnr) DO UPDATE
        SET main_orgnr = excluded.main_orgnr, status = excluded.status, since_at = excluded.since_at
    RETURNING main_orgnr
)
SELECT main_orgnr FROM gone UNION SELECT main_orgnr FROM written
"""


def read(register: str) -> int:
    """What the register's file says today is stored; the number of main units that changed."""
    before = _begin(register)
    at = clock.now()
    try:
        snapshot = _client(register).snapshot(before)
    except Shrunken as refused:
        _refuse(register, refused)
    except ServiceError as trouble:
        _note(register, trouble)
    else:
        return _keep(register, before, snapshot, at)
    return 0


def is_cleaning_company(orgnr: str) -> bool:
    """Is the main unit in the cleaning register, approved or told to order cards?"""
    rows = Approval.objects.filter(register=CLEANING, orgnr=orgnr)
    return rows.filter(status__in=sorted(MAY_ORDER)).exists()


@owns_transaction
def accept_next(*, register: str, actor: Actor) -> None:
    """The next file is taken as it is: a person knows that the register did shrink."""
    reading = Reading.objects.select_for_update().get(pk=register)
    version = _version(reading)
    if version is None:
        return
    reading.version = asdict(version) | {"etag": "", "last_modified": "", "rows": 0, "approved": 0}
    reading.save(update_fields=["version"])
    record("register_file:accepted", actor=actor, subject=reading)


def _client(register: str) -> Any:
    return client(register)  # type: ignore[call-overload]


@owns_transaction
def _begin(register: str) -> Version | None:
    reading, _ = Reading.objects.get_or_create(register=register)
    Reading.objects.filter(pk=register).update(tried_at=clock.now())
    return _version(reading)


def _version(reading: Reading) -> Version | None:
    return Version(**reading.version) if reading.version else None


@owns_transaction
def _keep(
    register: str, before: Version | None, snapshot: Snapshot[Any] | None, at: datetime
) -> int:
    reading = Reading.objects.select_for_update().get(pk=register)
    if _version(reading) != before:
        return 0  # another worker was here first
    reading.read_at, reading.trouble = at, ""
    changed = 0
    if snapshot is not None:
        changed = _merge(register, snapshot, at, first=before is None)
        reading.version, reading.generated_at = asdict(snapshot.version), snapshot.generated_at
    reading.save()
    return changed


@inside_transaction
def _merge(register: str, snapshot: Snapshot[Any], at: datetime, *, first: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            MERGE,
            {
                "register": register,
                "orgnrs": [row.orgnr for row in snapshot],
                "mains": [row.main_orgnr for row in snapshot],
                "statuses": [str(row.status) for row in snapshot],
                "at": at,
            },
        )
        changed = {main for (main,) in cursor.fetchall()}
    known = Company.objects.values_list("orgnr", flat=True)
    _tell(register, known if first else known.filter(orgnr__in=changed), at)
    return len(changed)


@inside_transaction
def _tell(register: str, orgnrs: Collection[str] | Any, at: datetime) -> None:
    """Of companies that somebody has asked about; the first file also says who is not in it."""
    for orgnr in orgnrs:
        outbox.enqueue(
            "facts:changed", key=f"{register}:{orgnr}:{at.isoformat()}", source=register,
            subject=orgnr,
        )  # fmt: skip


@owns_transaction
def _refuse(register: str, refused: Shrunken) -> None:
    """An alarm, once per refused file: yesterday's rows stand until a person says otherwise."""
    log.critical("%s: %s; what was read before stands", register, refused.what)
    reading = Reading.objects.select_for_update().get(pk=register)
    if reading.trouble != refused.what:
        record("register_file:refused", actor=SYSTEM, subject=reading, why=refused.what)
    Reading.objects.filter(pk=register).update(trouble=refused.what[:200])


def _note(register: str, trouble: ServiceError) -> None:
    log.warning("%s cannot be read: %s", register, trouble.what)
    Reading.objects.filter(pk=register).update(trouble=trouble.what[:200])
