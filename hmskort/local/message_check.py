"""Every text has its translation, and every translation its text.

Run inside the environment: `python -m hmskort.local.message_check`. Texts are found as Django's
makemessages finds them, without needing gettext installed.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.utils.translation.template import templatize

from hmskort.local.catalogues import CONTEXT_END, PLURAL_END, messages
from hmskort.local.places import ROOT

ROOMS = ("hmskort", "orders", "cards", "registers")
LANGUAGES = ("en", "nn")
TEXT_FUNCTIONS = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL_FUNCTIONS = {"ngettext", "ngettext_lazy"}
CONTEXT_FUNCTIONS = {"pgettext", "pgettext_lazy"}
CALL_IN_TEMPLATE = re.compile(r"""\b(_|gettext|ngettext|pgettext|npgettext)\((u?(?:"|').*?)\) """)


def texts() -> dict[str, str]:
    """Where each text that a person may see is first used, by the key gettext looks up."""
    found: dict[str, str] = {}
    for file, key in (*_in_code(), *_in_templates()):
        found.setdefault(key, str(file.relative_to(ROOT)))
    return found


def _in_code() -> Iterator[tuple[Path, str]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for key in _keys(ast.parse(file.read_text())):
                yield file, key


def _in_templates() -> Iterator[tuple[Path, str]]:
    for file in sorted(p for p in (ROOT / "templates").rglob("*") if p.suffix in {".html", ".txt"}):
        for line in templatize(file.read_text(), origin=str(file)).splitlines():
            for call in CALL_IN_TEMPLATE.finditer(f"{line} "):
                for key in _keys(ast.parse(f"{call[1]}({call[2]})")):
                    yield file, key


def _keys(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = [a.value for a in node.args if isinstance(a, ast.Constant)]
            words = [value for value in given if isinstance(value, str)]
            key = _key(_called(node), words)
            if key:
                yield key


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _key(function: str, words: list[str]) -> str | None:
    match words:
        case [text] if function in TEXT_FUNCTIONS:
            return text
        case [one, many] if function in PLURAL_FUNCTIONS:
            return one + PLURAL_END + many
        case [context, text] if function in CONTEXT_FUNCTIONS:
            return context + CONTEXT_END + text
    return None


def missing(language: str) -> dict[str, str]:
    """Texts without a translation, and where they are used."""
    file = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    translated = messages(file.read_text()) if file.exists() else {}
    return {key: where for key, where in texts().items() if key not in translated}


def main() -> int:
    django.setup()
    lacking = {language: missing(language) for language in LANGUAGES}
    for language, keys in lacking.items():
        for key, where in keys.items():
            print(f"{language}: {key!r} ({where})")
    return 1 if any(lacking.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
