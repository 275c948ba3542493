"""Enhetsregisteret read whole: the fall-back when its feeds of changes cannot be followed.

Only companies that somebody has asked about are kept: a fact is held because a card or an order
rests on it, and the register of a million others (of whom many are named after a person) is none
of ours. So the whole file is laid beside what we hold, in one statement, and only rows that differ
are written. The file is of last night: what has been answered since then is newer and stands.

The register's files hold no deleted units, and do not say which those are. A unit that we know and
the file leaves out is therefore asked about alone: to be left out is no answer.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.db import DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Q

from hmskort.common import clock
from hmskort.common.services import Unreadable
from hmskort.common.transactions import inside_transaction
from registers import lookups, readings
from registers.clients import client
from registers.enhetsregisteret import whole
from registers.enhetsregisteret.answers import Units
from registers.models import Snapshot
from registers.readings import Merged
from registers.snapshots import Shrunken, Version

SERVICE = "enhetsregisteret"
FILES: dict[str, Units] = {
    f"{SERVICE}.enheter": "enheter",
    f"{SERVICE}.underenheter": "underenheter",
}
SUB_UNITS = ("BEDR", "AAFY")  # forms of organisation
NOT_AGAIN_FOR = timedelta(minutes=10)  # a file that could not be read is large

_COLUMNS = ", ".join(whole.COLUMNS)
_TOLD = ", ".join(f"told.{name}" for name in whole.COLUMNS)
_HELD = ", ".join(f"held.{name}" for name in whole.COLUMNS)
STAGE = f"""
DROP TABLE IF EXISTS pg_temp.told;
CREATE TEMPORARY TABLE told ON COMMIT DROP AS SELECT {_COLUMNS} FROM registers_company WITH NO DATA;
ALTER TABLE told ADD PRIMARY KEY (orgnr)
"""  # noqa: S608 - columns of our own
COPY = f"COPY told ({_COLUMNS}) FROM STDIN"
MERGE = f"""
UPDATE registers_company AS held
SET ({_COLUMNS}) = ROW({_TOLD}), state = 'found', answered_at = %(made_at)s
FROM told
WHERE told.orgnr = held.orgnr AND held.answered_at < %(made_at)s
    AND (held.state, {_HELD}) IS DISTINCT FROM ('found', {_TOLD})
RETURNING held.orgnr, held.main_orgnr
"""  # noqa: S608 - columns of our own
LEFT_OUT = """
SELECT orgnr FROM registers_company AS held
WHERE state = 'found' AND answered_at < %(made_at)s AND (form = ANY(%(forms)s)) = %(sub_units)s
    AND NOT EXISTS (SELECT FROM told WHERE told.orgnr = held.orgnr)
"""
ANSWERED = """
WITH locked AS (  -- in the order in which all who lock questions do
    SELECT id FROM registers_lookup
    WHERE source = 'enhetsregisteret' AND subject = ANY(%(told)s) AND answered_at < %(made_at)s
    ORDER BY id FOR UPDATE
)
UPDATE registers_lookup AS lookup SET answered_at = %(made_at)s
FROM locked WHERE locked.id = lookup.id
"""
COUNT = "SELECT count(*), count(*) FILTER (WHERE bankrupt IS NOT TRUE) FROM told"


def read(register: str) -> datetime | None:
    """What the file says is stored; when the file was made that our facts now agree with.

    None when none could be taken in: the register did not answer, the file is held, or it was
    tried a short while ago.
    """
    if _tried_lately(register):
        return None
    with TemporaryFile() as file:
        readings.read(register, lambda before: _unless_held(register, before, file))
    snapshot = Snapshot.objects.get(pk=register)
    return None if snapshot.trouble or snapshot.held else snapshot.generated_at


def _unless_held(
    register: str, before: Version | None, file: BinaryIO
) -> Callable[[Snapshot, datetime], Merged] | None:
    """The same; a file that is held is not fetched once more, and is held still."""
    snapshot = Snapshot.objects.get(pk=register)
    if snapshot.held is None:
        return fetched(register, before, file)
    held = Version(**snapshot.held)
    merge = fetched(register, held, file)
    if merge is None:
        raise Shrunken(SERVICE, snapshot.trouble, held)
    return merge


def fetched(
    register: str, before: Version | None, file: BinaryIO
) -> Callable[[Snapshot, datetime], Merged] | None:
    """The file, ready to be merged; None when it is still the one of before."""
    units = FILES[register]
    seen = before.last_modified if before else ""
    made = client("enhetsregisteret").file(units, file, seen=seen)
    return merging(file, units, made) if made is not None else None


def merging(file: BinaryIO, units: Units, made: str) -> Callable[[Snapshot, datetime], Merged]:
    """What merges the file that the register says was made then (`Last-Modified`)."""
    made_at = _moment(made)

    def merge(reading: Snapshot, at: datetime) -> Merged:
        file.seek(0)
        return _merge(file, units, made, made_at)

    return merge


def _tried_lately(register: str) -> bool:
    lately = clock.now() - NOT_AGAIN_FOR
    tried = Snapshot.objects.filter(pk=register, tried_at__gt=lately)
    return tried.filter(Q(read_at=None) | Q(read_at__lt=F("tried_at"))).exists()


def _moment(made: str) -> datetime:
    try:
        at = parsedate_to_datetime(made)
    except ValueError:
        raise Unreadable(SERVICE, "the file does not say when it was made") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@inside_transaction
def _merge(file: BinaryIO, units: Units, made: str, made_at: datetime) -> Merged:
    """The companies we hold are as the file says; those of whom it says nothing are asked about."""
    given: dict[str, Any] = {"made_at": made_at, "forms": list(SUB_UNITS)}
    given["sub_units"] = units == "underenheter"
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                stage(cursor, file, units)
                cursor.execute(MERGE, given)
        except (DataError, IntegrityError):
            raise Unreadable(SERVICE, "a unit does not fit, or is there twice") from None
        changed = cursor.fetchall()
        told = [orgnr for orgnr, _ in changed]
        cursor.execute(ANSWERED, given | {"told": told})
        cursor.execute(LEFT_OUT, given)
        left_out = {(SERVICE, orgnr) for (orgnr,) in cursor.fetchall()}
        cursor.execute(COUNT)
        rows, sound = cursor.fetchone()
    if not rows:
        raise Unreadable(SERVICE, "the file tells of no company")
    lookups.want(left_out, not_older_than=clock.now())
    mains = frozenset(main for _, main in changed)
    return Merged(Version("", made, rows, sound), made_at, mains, frozenset(told))


def stage(cursor: CursorWrapper, file: BinaryIO, units: Units) -> None:
    """Every unit of the file stands in the temporary table `told`."""
    cursor.execute(STAGE)
    with connection.wrap_database_errors, cursor.copy(COPY) as copy:
        for rows in whole.rows(file, units):
            for row in rows:
                copy.write_row(row)
