"""Each event that is told has listeners, each line of history has words, and none is left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils.module_loading import import_string

from hmskort.audit.names import EVENTS
from hmskort.desk.models import Entry
from hmskort.events import LISTENERS
from hmskort.local.places import ROOT
from orders.evidence.models import Piece
from orders.payments.models import LedgerEntry, Operation

ROOMS = ("hmskort", "orders", "cards", "registers")
# Where the name stands among the arguments of what tells an event, or writes history.
TELLS = {"enqueue": 0, "tell_of": 0, "_tell_of": 0}
WRITES = {
    "record": 0,
    "record_each": 0,
    "recorded": 0,
    "_moved": 2,
    "_tell_history": 0,
    "_noted": 0,
    "_finish": 0,
    "_authorise": 0,
}
# What a name that is put together can become.
MADE = {
    "payment:{}_wanted": Operation.Kind.values,
    "payment:{}": set(LedgerEntry.Kind.values)
    - {LedgerEntry.Kind.RESERVED, LedgerEntry.Kind.PROMISED},
    "case:{}": Entry.Kind.values,
    "evidence:{}": set(Piece.State) - {Piece.State.UPLOADED},
}


def sources() -> Iterator[ast.Module]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ast.parse(Path(path).read_text())


def names_given_to(takers: dict[str, int]) -> set[str]:
    """Every name in the code that is given to one of these functions."""
    found: set[str] = set()
    for tree in sources():
        for call in ast.walk(tree):
            place = takers.get(_name(call.func)) if isinstance(call, ast.Call) else None
            if place is not None and len(call.args) > place:
                found |= _names(call.args[place])
    return found


def _name(function: ast.expr) -> str:
    """The function's own name, whether or not its module is named before it."""
    return getattr(function, "attr", getattr(function, "id", ""))


def _names(given: ast.expr) -> set[str]:
    match given:
        case ast.Constant(value=str(name)):
            return {name}
        case ast.JoinedStr(values=parts):
            pattern = "".join(
                part.value if isinstance(part, ast.Constant) else "{}" for part in parts
            )
            return {pattern.format(value) for value in MADE[pattern]}
        case ast.Name(id="event" | "name"):
            return set()  # handed on by one of the functions themselves
    raise AssertionError(f"{ast.unparse(given)} is no name that can be read")


def test_every_event_that_is_told_has_its_listeners_and_none_is_listened_for_in_vain():
    assert names_given_to(TELLS) == set(LISTENERS)


def test_every_line_of_history_has_words_and_no_words_wait_for_nothing():
    assert names_given_to(WRITES) == set(EVENTS)


def test_every_listener_is_there_and_has_a_name_of_its_own_within_its_event():
    for listeners in LISTENERS.values():
        assert len(set(listeners)) == len(listeners)
        assert all(callable(import_string(name)) for name in listeners)


def test_every_name_is_a_noun_and_what_became_of_it():
    for name in [*LISTENERS, *EVENTS]:
        noun, colon, happened = name.partition(":")
        assert noun.isidentifier(), name
        assert colon, name
        assert happened.isidentifier(), name
