"""The texts that a person may see, as the code and the templates have them.

Found as Django's makemessages finds them, without needing gettext installed. Only for use inside
the environment.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from hmskort.local.catalogues import CONTEXT_END, PLURAL_END
from hmskort.local.places import ROOT

ROOMS = ("hmskort", "orders", "cards", "registers")
TEXT_FUNCTIONS = {"gettext", "gettext_lazy", "gettext_noop", "now_in", "_"}
PLURAL_FUNCTIONS = {"ngettext", "ngettext_lazy"}
CONTEXT_FUNCTIONS = {"pgettext", "pgettext_lazy"}
CALL = re.compile(r"\b(?:_|gettext|ngettext|pgettext|npgettext)\(")


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
        for key in keys_of_template(file.read_text()):
            yield file, key


def keys_of_template(text: str) -> Iterator[str]:
    """Django turns the template into calls in a row; each ends where it first parses."""
    calls = templatize(text)
    for start in CALL.finditer(calls):
        for end in re.finditer(r"\)", calls[start.end() :]):
            try:
                call = ast.parse(calls[start.start() : start.end() + end.end()])
            except SyntaxError:
                continue  # that parenthesis was in the text
            yield from _keys(call)
            break


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
        case _:
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
