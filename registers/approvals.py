"""The two registers of Arbeidstilsynet, each published as one file that is read and compared."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from hmskort.common.transactions import inside_transaction
from registers import readings
from registers.clients import client
from registers.models import Approval, Company
from registers.models import Snapshot as Reading
from registers.readings import Merged
from registers.renholdsregisteret.answers import MAY_ORDER
from registers.requirements.approvals import CLEANING, STAFFING
from registers.snapshots import Snapshot, Version

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
    merged = readings.read(register, lambda before: fetched(register, before))
    return len(merged.changed) if merged else 0


def fetched(register: str, before: Version | None) -> Callable[[Reading, datetime], Merged] | None:
    """The register's file, ready to be merged; None when it is still the one of before."""
    snapshot: Snapshot[Any] | None = client(register).snapshot(before)  # type: ignore[call-overload]
    if snapshot is None:
        return None

    def merge(reading: Reading, at: datetime) -> Merged:
        return _merge(reading, snapshot, at)

    return merge


def is_cleaning_company(orgnr: str) -> bool:
    """Is the main unit in the cleaning register, approved or told to order cards?"""
    return cleaning_approvals(orgnr).exists()


def cleaning_approvals(orgnr: str) -> QuerySet[Approval]:
    """The row that says so, if there is one."""
    rows = Approval.objects.filter(register=CLEANING, orgnr=orgnr)
    return rows.filter(status__in=sorted(MAY_ORDER))


@inside_transaction
def _merge(reading: Reading, snapshot: Snapshot[Any], at: datetime) -> Merged:
    """Those that somebody has asked about are told of; the first file says who is not in it too."""
    with connection.cursor() as cursor:
        cursor.execute(
            MERGE,
            {
                "register": reading.pk,
                "orgnrs": [row.orgnr for row in snapshot],
                "mains": [row.main_orgnr for row in snapshot],
                "statuses": [str(row.status) for row in snapshot],
                "at": at,
            },
        )
        changed = frozenset(main for (main,) in cursor.fetchall())
    known = Company.objects.values_list("orgnr", flat=True)
    told = known if reading.version is None else known.filter(orgnr__in=changed)
    return Merged(snapshot.version, snapshot.generated_at, changed, frozenset(told))


@dataclass(frozen=True)
class Standing:
    """How a unit stands in Renholdsregisteret by its last file; status: empty, not there.

    made_at: when the register made the file, or where it does not say, when it was last read.
    """

    orgnr: str
    main_orgnr: str
    status: str
    made_at: datetime


def in_cleaning_register(orgnr: str) -> Standing | None:
    """How the company stands; None where Renholdsregisteret does not have it."""
    there = Approval.objects.filter(register=CLEANING, orgnr=orgnr).exists()
    return cleaning_standing(orgnr) if there else None


def cleaning_standing(orgnr: str) -> Standing | None:
    """How the main unit or sub-unit stands; None until the register has been read."""
    reading = Reading.objects.filter(pk=CLEANING).first()
    if reading is None or reading.read_at is None:
        return None
    made_at = reading.generated_at or reading.read_at
    row = Approval.objects.filter(register=CLEANING, orgnr=orgnr).first()
    if row is None:
        return Standing(orgnr, orgnr, "", made_at)
    return Standing(orgnr, row.main_orgnr, row.status, made_at)
