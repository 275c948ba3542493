"""Each invariant is shown to fail, by what a broken guard would leave behind in the evidence."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy

from tests.processes.storm.evidence import Evidence
from tests.processes.storm.invariants import LINE, ORDER, PAYMENT, violations

Tampering = Callable[[Evidence], None]


def _issued(found: Evidence) -> dict:
    return next(line for line in found.lines.values() if line["state"] == "issued")


def _order(found: Evidence) -> dict:
    return found.orders[_issued(found)["order"]]


def _book(found: Evidence) -> dict:
    return found.books[_order(found)["payment"]]


def lost_order(found: Evidence) -> None:
    del found.orders[min(found.accepted)]


def stuck_order(found: Evidence) -> None:
    _order(found)["state"] = "submitted"


def restless_effect(found: Evidence) -> None:
    found.waiting.append("effect of the storm")


def charged_twice(found: Evidence) -> None:
    book = _book(found)
    book["charges"].append(deepcopy(book["charges"][0]))


def left_reserved(found: Evidence) -> None:
    _book(found)["left"] += 1


def charged_for_nobody(found: Evidence) -> None:
    _issued(found)["state"] = "withdrawn"


def card_for_nothing(found: Evidence) -> None:
    book = _book(found)
    book["charges"] = book["charges"][1:]


def refunded_twice(found: Evidence) -> None:
    book = _book(found)
    charge = book["charges"][0]
    book["refunds"] += [{**deepcopy(charge), "state": "Completed"}]


def payment_of_nobody(found: Evidence) -> None:
    found.books["f" * 32] = {**deepcopy(_book(found)), "left": 100}


def ledger_off_by_one(found: Evidence) -> None:
    found.ledger[_order(found)["payment"]]["captured"] += 1


def lost_message(found: Evidence) -> None:
    del found.arrived[min(found.written)]


def message_from_nowhere(found: Evidence) -> None:
    found.arrived["nobody wrote this"] += 1


def messages_again_and_again(found: Evidence) -> None:
    found.arrived[min(found.written)] += found.kills * found.at_once + 1


def hole_in_the_history_of_a_line(found: Evidence) -> None:
    key = (LINE, _issued(found)["id"])
    found.history[key] = [e for e in found.history[key] if e["name"] != "line:cleared"]


def hole_in_the_history_of_an_order(found: Evidence) -> None:
    key = (ORDER, _order(found)["id"])
    found.history[key] = [e for e in found.history[key] if e["name"] != "order:submitted"]


def money_without_history(found: Evidence) -> None:
    key = (PAYMENT, found.payments[_order(found)["payment"]]["id"])
    found.history[key] = [e for e in found.history[key] if e["name"] != "payment:captured"]


BREAKS: dict[int, tuple[Tampering, ...]] = {
    1: (lost_order, stuck_order, restless_effect),
    2: (charged_twice, left_reserved, charged_for_nobody, card_for_nothing, refunded_twice,
        payment_of_nobody, ledger_off_by_one),
    5: (lost_message, message_from_nowhere, messages_again_and_again),
    6: (hole_in_the_history_of_a_line, hole_in_the_history_of_an_order, money_without_history),
}  # fmt: skip


def unnoticed(found: Evidence) -> list[str]:
    """The tamperings that no check of their invariant sees; none of them should be left."""
    before = Counter(violations(found))
    missed = []
    for number, tamperings in BREAKS.items():
        for tamper in tamperings:
            changed = deepcopy(found)
            tamper(changed)
            new = Counter(violations(changed)) - before
            if not any(invariant == number for invariant, _ in new):
                missed.append(f"{number}: {tamper.__name__}")
    return missed


HOW_MANY = sum(map(len, BREAKS.values()))
