"""The catalogues in `locale/` against the texts of the product.

Run inside the environment. `python -m hmskort.local.translations` tells what is missing or wrong;
with `update [FILE.po ...]` it writes every text into the catalogues, with the translations it has
and those of the given files, and takes out texts that are no longer used.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import django

from hmskort.local.catalogues import CONTEXT_END, PLURAL_END, messages
from hmskort.local.places import ROOT
from hmskort.local.texts import texts

LANGUAGES = {"en": "nplurals=2; plural=(n != 1);", "nn": "nplurals=2; plural=(n != 1);"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def catalogue(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def translated(*files: Path) -> dict[str, str]:
    """What the files say together; a later one wins."""
    found: dict[str, str] = {}
    for file in files:
        if file.exists():
            found |= messages(file.read_text())
    return found


def faults(language: str) -> Iterator[str]:
    """Texts without a translation, and translations that lost a placeholder."""
    known = translated(catalogue(language))
    for key, where in texts().items():
        if key not in known:
            yield f"{language}: {_shown(key)} has no translation ({where})"
        elif _placeholders(key) != _placeholders(known[key]):
            yield f"{language}: {_shown(key)} has other placeholders than its translation ({where})"


def _shown(key: str) -> str:
    return json.dumps(key.rpartition(CONTEXT_END)[2].partition(PLURAL_END)[0], ensure_ascii=False)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def update(language: str, more: Mapping[str, str]) -> None:
    """The catalogue holds every text once, in the order of the code."""
    known = {**translated(catalogue(language)), **more}
    header = (
        f"Language: {language}\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        f"Content-Transfer-Encoding: 8bit\nPlural-Forms: {LANGUAGES[language]}\n"
    )
    entries = [_entry("", header, "")]
    entries += [_entry(key, known.get(key, ""), where) for key, where in texts().items()]
    catalogue(language).parent.mkdir(parents=True, exist_ok=True)
    catalogue(language).write_text("\n".join(entries))


def _entry(key: str, translation: str, where: str) -> str:
    context, has_context, text = key.rpartition(CONTEXT_END)
    one, is_plural, many = text.partition(PLURAL_END)
    lines = [f"#: {where}"] if where else []
    lines += [f"msgctxt {_quoted(context)}"] if has_context else []
    lines += [f"msgid {_quoted(one)}"]
    lines += [f"msgid_plural {_quoted(many)}"] if is_plural else []
    if is_plural:
        forms = translation.split(PLURAL_END) if translation else ["", ""]
        lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
    else:
        lines += [f"msgstr {_quoted(translation)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """One line, or one for each line of the text as gettext's tools write it."""
    pieces = text.splitlines(keepends=True)
    if len(pieces) < 2:
        return json.dumps(text, ensure_ascii=False)
    return "\n".join(json.dumps(piece, ensure_ascii=False) for piece in ["", *pieces])


def main(arguments: list[str]) -> int:
    django.setup()
    if arguments[:1] == ["update"]:
        for language in LANGUAGES:
            given = [Path(name) for name in arguments[1:] if f"/{language}/" in f"/{name}"]
            update(language, translated(*given))
    found = [fault for language in LANGUAGES for fault in faults(language)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
