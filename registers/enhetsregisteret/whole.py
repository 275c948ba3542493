"""Enhetsregisteret's whole file, read in order and in constant memory.

The file is one JSON list in gzip, of more than a million units; nothing says where its lines break.
It is cut only where what comes before is JSON of its own, so a cut never falls inside a unit.
A row holds what `registers.facts` keeps of a company, and is checked as strictly as `parsing`; that
both tell the same is held by a test.
"""

import gzip
import zlib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any, BinaryIO, cast

import orjson

from hmskort.common.services import Unreadable
from registers.enhetsregisteret.answers import Units
from registers.enhetsregisteret.parsing import SERVICE

GZIP = b"\x1f\x8b"
BLOCK = 1 << 15  # bytes of JSON read at a time: some twenty units, too few to wake the collector
LONGEST = 1 << 26  # of one unit; a file without an end of one is not the register's

# What a row holds, in order, as in `registers.models.Company`.
COLUMNS = (
    "orgnr", "main_orgnr", "name", "form", "registered_on", "deleted_on", "bankrupt",
    "vat_registered", "in_foretaksregisteret", "sector_code", "industries", "street",
    "postal_code", "city", "country_code", "municipality",
)  # fmt: skip
Row = tuple[Any, ...]


def rows(file: BinaryIO, units: Units) -> Iterator[list[Row]]:
    """Every unit of the file as a row, some at a time.

    Raises `Unreadable` when the file is no such list, ends too early or holds a unit that does not
    say what is documented; what was read until then is not to be kept.
    """
    one = _main_unit if units == "enheter" else _sub_unit
    for block in _blocks(file):
        try:
            yield [row for unit in block if (row := one(unit))]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unreadable(SERVICE, "a unit of the file is not as documented") from None


def _blocks(file: BinaryIO) -> Iterator[list[Any]]:
    """The objects of the list, as many at a time as fit a block."""
    try:
        text = _unpacked(file)
        held = _after_bracket(text.read(BLOCK))
        while more := text.read(BLOCK):
            held += more
            block, held = _cut(held)
            yield block
    except (OSError, EOFError, zlib.error):
        raise Unreadable(SERVICE, "the file is no gzip, or ends too early") from None
    yield _parsed(b"[" + held)


def _unpacked(file: BinaryIO) -> BinaryIO:
    """The JSON of the file; something on the way may have taken the gzip off."""
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    return cast("BinaryIO", gzip.open(file)) if packed else file


def _after_bracket(text: bytes) -> bytes:
    if not text.lstrip().startswith(b"["):
        raise Unreadable(SERVICE, "the file is not a list")
    return text.lstrip()[1:]


def _cut(held: bytes) -> tuple[list[Any], bytes]:
    """The whole objects at the beginning, and what comes after the comma behind them.

    A comma inside a unit, or inside a text, does not leave JSON before it: the one before is tried.
    """
    end = len(held)
    while (brace := held.rfind(b"{", 0, end)) > 0:
        end = brace
        before = held[:brace].rstrip()
        if before.endswith(b","):
            try:
                return orjson.loads(b"[" + before[:-1] + b"]"), held[brace:]
            except orjson.JSONDecodeError:
                continue
    if len(held) > LONGEST:
        raise Unreadable(SERVICE, "a unit of the file has no end")
    return [], held


def _parsed(text: bytes) -> list[Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Unreadable(SERVICE, "the file is broken JSON, or ends too early") from None
    if not isinstance(found, list):
        raise Unreadable(SERVICE, "the file is not a list")
    return found


def _main_unit(unit: dict[str, Any]) -> Row | None:
    if "slettedato" in unit:
        return None
    orgnr = unit["organisasjonsnummer"]
    address = unit.get("forretningsadresse") or unit.get("postadresse") or {}
    sector = unit.get("institusjonellSektorkode")
    return _checked(
        MAIN_UNIT,
        (
            orgnr,
            orgnr,
            unit["navn"],
            unit["organisasjonsform"]["kode"],
            _day(unit.get("registreringsdatoEnhetsregisteret")),
            None,
            unit["konkurs"],
            unit["registrertIMvaregisteret"],
            unit["registrertIForetaksregisteret"],
            sector["kode"] if sector else "",
            *_doings(unit),
            *_place(address),
        ),
    )


def _sub_unit(unit: dict[str, Any]) -> Row | None:
    if "slettedato" in unit:
        return None
    address = unit.get("beliggenhetsadresse") or unit.get("postadresse") or {}
    return _checked(
        SUB_UNIT,
        (
            unit["organisasjonsnummer"],
            unit["overordnetEnhet"],
            unit["navn"],
            unit["organisasjonsform"]["kode"],
            _day(unit.get("registreringsdatoEnhetsregisteret")),
            _day(unit.get("nedleggelsesdato")),
            None,
            unit["registrertIMvaregisteret"],
            None,
            "",
            *_doings(unit),
            *_place(address),
        ),
    )


def _doings(unit: dict[str, Any]) -> tuple[str]:
    codes = [
        code["kode"] if (code := unit.get(name)) else None
        for name in ("naeringskode1", "naeringskode2", "naeringskode3")
    ]
    return (_industries(*codes),)


@lru_cache(maxsize=10_000)
def _industries(*codes: str | None) -> str:
    return _json([code for code in codes if code is not None])


def _place(address: dict[str, Any]) -> tuple[Any, ...]:
    return (
        _json(address.get("adresse") or []),
        address.get("postnummer") or "",
        address.get("poststed") or "",
        address.get("landkode") or "",
        address.get("kommunenummer") or "",
    )


def _json(texts: list[str]) -> str:
    """A list of texts as JSON; TypeError for anything else."""
    if type(texts) is not list:
        raise TypeError
    "".join(texts)
    return orjson.dumps(texts).decode()


@lru_cache(maxsize=50_000)
def _day(text: str | None) -> str | None:
    """The date at the beginning of a text, as written; ValueError when there is none."""
    return date.fromisoformat(text[:10]).isoformat() if text else None


def _checked(kinds: frozenset[tuple[object, ...]], row: Row) -> Row:
    if tuple(map(type, row)) not in kinds:
        raise TypeError
    return row


NOTHING = type(None)
_ENDING = ((str,),) * 7
_NAMED = ((str,), (str,), (str,), (str,), (str, NOTHING))
MAIN_UNIT = frozenset(product(*_NAMED, (NOTHING,), (bool,), (bool,), (bool,), *_ENDING))
SUB_UNIT = frozenset(product(*_NAMED, (str, NOTHING), (NOTHING,), (bool,), (NOTHING,), *_ENDING))
