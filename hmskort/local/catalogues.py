"""Translations: compiles `.po` to `.mo` as GNU msgfmt would, without needing gettext installed."""

import ast
import struct
from collections.abc import Iterator
from pathlib import Path

from hmskort.local.places import ROOT

MAGIC = 0x950412DE
HEADER_BYTES = 28
FOLDERS = (ROOT / "locale", ROOT / "hmskort" / "admin" / "locale")
CONTEXT_END, PLURAL_END = "\x04", "\x00"


def compile_all(folder: Path) -> list[Path]:
    """Every catalogue that is newer than its compiled form has been compiled."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            new = target.with_suffix(".mo.new")
            new.write_bytes(compiled_form(messages(source.read_text())))
            new.rename(target)
            compiled.append(target)
    return compiled


def messages(text: str) -> dict[str, str]:
    """Translations by the key that gettext looks up, without fuzzy and empty entries."""
    found = {}
    for entry in _entries(text):
        translations = [entry[field] for field in sorted(entry) if field.startswith("msgstr")]
        if "msgid" not in entry or not all(translations) or not translations:
            continue
        key = entry["msgid"]
        if "msgid_plural" in entry:
            key += PLURAL_END + entry["msgid_plural"]
        if "msgctxt" in entry:
            key = entry["msgctxt"] + CONTEXT_END + key
        found[key] = PLURAL_END.join(translations)
    return found


def _entries(text: str) -> Iterator[dict[str, str]]:
    """The fields of each entry; a blank line or a new beginning ends one."""
    entry: dict[str, str] = {}
    field, fuzzy = "", False
    for line in [*text.splitlines(), ""]:
        keyword = line.split(" ", 1)[0]
        starts = keyword == "msgctxt" or (keyword == "msgid" and "msgctxt" not in entry)
        if not line.strip() or (starts and "msgid" in entry):
            if not fuzzy:
                yield entry
            entry, fuzzy = {}, False
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        elif line.startswith("msg"):
            field, entry[keyword] = keyword, ast.literal_eval(line[len(keyword) :].strip())
        elif line.startswith('"'):
            entry[field] += ast.literal_eval(line)


def compiled_form(catalogue: dict[str, str]) -> bytes:
    """The bytes of a `.mo` file (GNU gettext manual, 10.3), keys sorted, no hash table."""
    pairs = sorted((key.encode(), value.encode()) for key, value in catalogue.items())
    originals_at = HEADER_BYTES
    translations_at = originals_at + 8 * len(pairs)
    text_at = translations_at + 8 * len(pairs)
    tables, texts = [b"", b""], b""
    for which in (0, 1):
        for pair in pairs:
            tables[which] += struct.pack("<II", len(pair[which]), text_at + len(texts))
            texts += pair[which] + b"\0"
    header = struct.pack("<7I", MAGIC, 0, len(pairs), originals_at, translations_at, 0, text_at)
    return header + tables[0] + tables[1] + texts
