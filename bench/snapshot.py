"""From Enhetsregisteret's whole file to facts, beside orjson + COPY + a diff merge.

    python3 -m hmskort bench snapshot [--rows N] [--runs N] [--changed SHARE]

Every company of the file is one that the portal knows, so that all of it is laid beside what is
held; a share of them differs from the file (SHARE). For comparison all of them once do, which no
register does in a week: ours then also says of each question that it has been answered, and tells
whoever rests on each company; for that there is no target. The limit reads the
same file line by line (it can, as the file was written here; the portal does not know where lines
break), takes the same columns without looking at them, and does nothing but the merge. Ours is
`registers.readings`: the same with every check, the count of cards at stake, and whoever rests on
a changed company being told. Figures are medians of CPU seconds, of this process and of the
database process that serves it.
"""

import argparse
import gzip
import json
import os
import random
import statistics
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
django.setup()

import orjson  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from hmskort.common import clock  # noqa: E402
from registers import company_files, readings  # noqa: E402
from registers.enhetsregisteret import whole  # noqa: E402

TARGET = 1.5
REGISTER = "enhetsregisteret.enheter"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = 800_000_000  # orgnr
NAMES = ("BYGG", "RENHOLD", "MALER", "RØR", "TAK", "ELEKTRO", "GRAVING", "VASK", "MUR", "GLASS")
PLACES = ("OSLO", "BERGEN", "TRONDHEIM", "STAVANGER", "TROMSØ", "DRAMMEN", "BODØ", "ÅLESUND")


def unit(number: int, chance: random.Random) -> dict[str, Any]:
    """A main unit as the file has it, with some fifty fields of which eleven count."""
    place, code = chance.choice(PLACES), f"{chance.randrange(1, 9999):04}"
    form = chance.choice(("AS", "AS", "ENK", "NUF"))
    address = {
        "land": "Norge",
        "landkode": "NO",
        "postnummer": code,
        "poststed": place,
        "adresse": [f"{chance.choice(NAMES).title()}veien {chance.randrange(1, 400)}"],
        "kommune": place,
        "kommunenummer": code,
    }
    return {
        "organisasjonsnummer": str(FIRST + number),
        "navn": f"{chance.choice(NAMES)} {chance.choice(NAMES)} {chance.randrange(10**6)} {form}",
        "organisasjonsform": {"kode": form, "beskrivelse": "Organisasjonsform", "_links": {}},
        "hjemmeside": f"www.firma{chance.randrange(10**6)}.example",
        "postadresse": address,
        "registreringsdatoEnhetsregisteret": f"20{chance.randrange(10, 26)}-03-04",
        "registrertIMvaregisteret": chance.random() < 0.5,
        "registreringsdatoMerverdiavgiftsregisteret": "2012-02-01",
        "frivilligMvaRegistrertBeskrivelser": [],
        "naeringskode1": {"kode": "41.200", "beskrivelse": "Oppføring av bygninger"},
        "naeringskode2": {"kode": "81.210", "beskrivelse": "Rengjøring av bygninger"},
        "antallAnsatte": chance.randrange(200),
        "harRegistrertAntallAnsatte": True,
        "forretningsadresse": address,
        "stiftelsesdato": f"20{chance.randrange(10, 26)}-01-{chance.randrange(10, 28)}",
        "institusjonellSektorkode": {"kode": "2100", "beskrivelse": "Private aksjeselskaper mv."},
        "registrertIForetaksregisteret": form != "ENK",
        "registreringsdatoForetaksregisteret": "2012-02-01",
        "registrertIStiftelsesregisteret": False,
        "registrertIFrivillighetsregisteret": False,
        "registrertIPartiregisteret": False,
        "sisteInnsendteAarsregnskap": "2025",
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "maalform": "Bokmål",
        "vedtektsdato": f"20{chance.randrange(10, 26)}-01-01",
        "vedtektsfestetFormaal": ["Å drive virksomhet innen bygg, anlegg og renhold, og det som"],
        "aktivitet": [f"Virksomhet nummer {chance.randrange(10**9)}"],
        "paategninger": [],
        "erIKonsern": False,
        "kapital": {"belop": chance.randrange(30_000, 10**7), "antallAksjer": 100, "valuta": "NOK"},
        "links": [],
        "respons_klasse": "Enhet",
    }


def written(path: Path, rows: int) -> None:
    """The file: one list, a unit a line."""
    chance = random.Random(7)  # noqa: S311 - a bench, the same each time
    with gzip.open(path, "wb", compresslevel=4) as out:
        for number in range(rows):
            out.write((b",\n" if number else b"[") + orjson.dumps(unit(number, chance)))
        out.write(b"]")


# --- The limit ------------------------------------------------------------------------------


def lines(path: Path) -> Iterator[bytes]:
    """The file's lines, unpacked as fast as zlib does it."""
    unpacker, rest = zlib.decompressobj(wbits=31), b""
    with path.open("rb") as file:
        while some := file.read(1 << 18):
            *found, rest = (rest + unpacker.decompress(some)).split(b"\n")
            yield from found
    yield rest


def rows_of(path: Path) -> Iterator[tuple[Any, ...]]:
    for line in lines(path):
        one = orjson.loads(line.strip(b"[],"))
        address = one["forretningsadresse"]
        yield (
            one["organisasjonsnummer"],
            one["organisasjonsnummer"],
            one["navn"],
            one["organisasjonsform"]["kode"],
            one["registreringsdatoEnhetsregisteret"],
            None,
            one["konkurs"],
            one["registrertIMvaregisteret"],
            one["registrertIForetaksregisteret"],
            one["institusjonellSektorkode"]["kode"],
            orjson.dumps([one["naeringskode1"]["kode"], one["naeringskode2"]["kode"]]).decode(),
            orjson.dumps(address["adresse"]).decode(),
            address["postnummer"],
            address["poststed"],
            address["landkode"],
            address["kommunenummer"],
        )


def limit(path: Path, made: datetime) -> None:
    """orjson, COPY into a table with a key, and a diff merge."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(company_files.STAGE)
        with cursor.copy(company_files.COPY) as copy:
            for row in rows_of(path):
                copy.write_row(row)
        cursor.execute(company_files.MERGE, {"made_at": made})


def ours(path: Path, made: datetime) -> None:
    with path.open("rb") as file:
        merge = company_files.merging(file, "enheter", format_datetime(made, usegmt=True))
        merged = readings.read(REGISTER, lambda _before: merge)
    if merged is None:
        raise SystemExit("the file was not taken in")


# --- The measurement ------------------------------------------------------------------------

HELD = f"""
INSERT INTO registers_company ({", ".join(whole.COLUMNS)}, state, answered_at)
SELECT {", ".join(whole.COLUMNS)}, 'found', %s FROM told
"""
ASKED = """
INSERT INTO registers_lookup (source, subject, wanted_at, answered_at, attempts, trouble, alone)
SELECT 'enhetsregisteret', orgnr, %s, %s, 0, '', false FROM registers_company
"""
DIFFER = """
UPDATE registers_company SET vat_registered = NOT vat_registered, answered_at = %s
WHERE right(orgnr, 6)::int %% 1000 < %s
"""


def held(path: Path) -> None:
    """The portal knows every company of the file, and has asked about each."""
    with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as file:
        company_files.stage(cursor, file, "enheter")
        cursor.execute(HELD, [LONG_AGO])
        cursor.execute(ASKED, [LONG_AGO, LONG_AGO])


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU, of this process and of its database process, and seconds by the clock."""

    cpu: float
    wall: float


def spent() -> Cost:
    """What has been spent until now. Other work on the machine moves the CPU seconds least."""
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    database = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return Cost(time.process_time() + database, time.perf_counter())


def measured(work: Callable[[], None], share: float) -> Cost:
    """The cost, with so large a share of the companies other than the file."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registers_lookup SET answered_at = %s WHERE answered_at <> %s",
                       [LONG_AGO, LONG_AGO])  # fmt: skip
        cursor.execute(DIFFER, [LONG_AGO, round(share * 1000)])
        cursor.execute("TRUNCATE common_effect")
        for table in ("registers_company", "registers_lookup"):
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("CHECKPOINT")
    before = spent()
    work()
    after = spent()
    return Cost(after.cpu - before.cpu, after.wall - before.wall)


def compared(path: Path, share: float, runs: int) -> dict[str, Any]:
    """Limit and ours in turn, and their medians."""
    made = clock.now().replace(microsecond=0)
    taken: dict[str, list[Cost]] = {"limit": [], "ours": []}
    for run in range(runs):
        at = made + timedelta(seconds=run)
        taken["limit"].append(measured(lambda at=at: limit(path, at), share))
        taken["ours"].append(measured(lambda at=at: ours(path, at), share))
    medians = {name: statistics.median(each.cpu for each in costs) for name, costs in taken.items()}
    ratio = medians["ours"] / medians["limit"]
    for name, costs in taken.items():
        wall = statistics.median(each.wall for each in costs)
        each = "  ".join(f"{one.cpu:6.2f}" for one in costs)
        print(f"{share:>8.1%}  {name:<6} {medians[name]:8.2f} s {wall:8.2f} s   {each}")
    return {
        "bench": "snapshot",
        "ours": round(medians["ours"], 3),
        "limit": round(medians["limit"], 3),
        "ratio": round(ratio, 3),
        "target": TARGET,
        "ok": ratio <= TARGET,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], prog="bench snapshot")
    parser.add_argument("--rows", type=int, default=1_100_000, help="companies in the file")
    parser.add_argument("--runs", type=int, default=3, help="of limit and of ours, in turn")
    parser.add_argument("--changed", type=float, default=0.01, help="share that differs (0.01)")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "enheter_alle.json.gz"
        written(path, options.rows)
        print(f"{options.rows} companies, {path.stat().st_size / 1e6:.0f} MB of gzip")
        held(path)
        print(f"{'changed':>8}  {'':<6} {'CPU':>8}   {'clock':>8}     CPU of each run")
        figure = compared(path, options.changed, options.runs)
        compared(path, 1.0, 1)
    print(json.dumps(figure))


if __name__ == "__main__":
    main()
