"""What must hold when a storm is over. Each check names everything that breaks it.

The numbers are those of `LIMITS.md`, "The storm": 1 orders, 2 money, 5 messages, 6 history.
"""

from collections import Counter
from collections.abc import Iterator

from hmskort.common.money import with_vat
from orders.payments.nexi.simulator.books import NO_REFUND, masked
from orders.states import LINE_ENDED, LINE_MOVES, ORDER_MOVES, LineState, OrderState
from tests.processes.storm.evidence import Evidence, Row

LINE, ORDER, PAYMENT = "orders.line", "orders.order", "payments.payment"
BECOMES = {
    "line:submitted": LineState.IN_REVIEW,
    "line:awaiting": LineState.AWAITING,
    "line:approved": LineState.APPROVED,
    "line:refused": LineState.REFUSED,
    "line:mended": LineState.IN_REVIEW,
    "line:held": LineState.HELD,
    "line:cleared": LineState.CLEARED,
    "line:captured": LineState.CAPTURED,
    "line:issued": LineState.ISSUED,
    "line:withdrawn": LineState.WITHDRAWN,
    "line:released": LineState.RELEASED,
    "order:payment_started": OrderState.PAYING,
    "order:returned": OrderState.CART,
    "order:submitted": OrderState.SUBMITTED,
    "order:completed": OrderState.COMPLETED,
    "order:cancelled": OrderState.CANCELLED,
}


def violations(found: Evidence) -> list[tuple[int, str]]:
    """Every way in which the evidence breaks an invariant, with the invariant's number."""
    checks = {1: (orders_end,), 2: (money_adds_up, ledger_agrees), 5: (messages_arrive,),
              6: (history_is_whole, money_has_history)}  # fmt: skip
    return [
        (number, told) for number, each in checks.items() for check in each for told in check(found)
    ]


def orders_end(found: Evidence) -> Iterator[str]:
    """Every order that was accepted is there, and has ended with all its lines."""
    for reference in sorted(found.accepted):
        if reference not in found.orders:
            yield f"order {reference} was accepted and is gone"
    for reference, order in found.orders.items():
        lines = lines_of(found, reference)
        if order["state"] == OrderState.SUBMITTED and all_ended(lines):
            yield f"order {reference} is not completed though all its lines have ended"
        if order["state"] == OrderState.COMPLETED and not all_ended(lines):
            yield f"order {reference} is completed before its lines"
        if reference in found.accepted and order["state"] != OrderState.COMPLETED:
            yield f"order {reference} was accepted and is {order['state']}"
    yield from (f"{what} has not come to rest" for what in found.waiting)


def money_adds_up(found: Evidence) -> Iterator[str]:
    """Captured - refunded = issued cards + postage - credits; nothing twice, nothing left over.

    All of it as the payment service's own books say.
    """
    paid_by = {order["payment"]: order for order in found.orders.values() if order["payment"]}
    for payment, book in found.books.items():
        order = paid_by.get(payment)
        known = found.payments.get(payment)
        if order is None or order["state"] in {OrderState.CART, OrderState.PAYING}:
            yield from _nothing_kept(payment, book)
        elif known is None or known["order"] != order["reference"]:
            yield f"payment {payment} is another order's"
        else:
            yield from _paid_right(found, order, book)


def _nothing_kept(payment: str, book: Row) -> Iterator[str]:
    """Of a payment that stands for no order everything went back."""
    if book["charges"]:
        yield f"payment {payment} stands for no order and was charged"
    if book["left"]:
        yield f"payment {payment} stands for no order and {book['left']} øre are left reserved"


def _paid_right(found: Evidence, order: Row, book: Row) -> Iterator[str]:
    name, lines = order["reference"], lines_of(found, order["reference"])
    charged, refunded = items_of(book["charges"]), items_of(kept_refunds(book))
    issued = [line for line in lines if line["state"] == LineState.ISSUED]
    for reference, times in Counter(items_in(book["charges"])).items():
        if times > 1:
            yield f"{reference} of {name} was charged {times} times"
    want = {line["reference"]: line["price"] for line in issued}
    if issued:
        want[f"{name}-P"] = order["postage"]
    for reference in {*charged, *want}:
        kept = charged[reference] - refunded[reference]
        right = want.get(reference, 0) - _credit(found, order, reference, issued)
        if kept != right:
            yield f"{reference} of {name}: {kept} øre are kept, not {right}"
    if all_ended(lines) and book["left"]:
        yield f"order {name} has ended and {book['left']} øre are left reserved"


def _credit(found: Evidence, order: Row, reference: str, issued: list[Row]) -> int:
    """What is given back of an item because its card was late.

    A bank that refuses refunds gives nothing back, and a person sees it.
    """
    line = next((line for line in issued if line["reference"] == reference), None)
    if line is None or order["reference"] not in found.late:
        return 0
    if found.books[order["payment"]]["card"] == masked(NO_REFUND):
        return 0
    return with_vat((line["net"] + 1) // 2).gross_ore


def ledger_agrees(found: Evidence) -> Iterator[str]:
    """Our ledger and the payment service's books say the same of every payment."""
    for payment, book in found.books.items():
        ours = found.ledger.get(payment, Counter())
        theirs = {
            "reserved": book["reserved"],
            "captured": sum(one["amount"] for one in book["charges"]),
            "released": book["cancelled"],
            "refunded": sum(one["amount"] for one in kept_refunds(book)),
        }
        for kind, amount in theirs.items():
            if ours[kind] != amount:
                yield f"payment {payment}: {kind} {ours[kind]} øre by us, {amount} by the service"


def messages_arrive(found: Evidence) -> Iterator[str]:
    """Each message arrived; those that came twice were in hand when somebody was killed."""
    for key in sorted(found.written - set(found.arrived)):
        yield f"message {key} never arrived"
    for key in sorted(set(found.arrived) - found.written):
        yield f"message {key} was never written"
    again = sum(times - 1 for times in found.arrived.values())
    if again > found.kills * found.at_once:
        yield f"{again} messages came again after {found.kills} kills"


def history_is_whole(found: Evidence) -> Iterator[str]:
    """Every state of a line and an order follows from the one before it, up to today's."""
    for line in found.lines.values():
        told = found.history.get((LINE, line["id"]), [])
        removed = line["state"] == LineState.WITHDRAWN and not any(map(_moves, told))
        if not removed:  # taken out of a cart: the order's history tells
            yield from _walk(line, LineState.DRAFT, LINE_MOVES, told, LineState)
    for order in found.orders.values():
        told = found.history.get((ORDER, order["id"]), [])
        yield from _walk(order, OrderState.CART, ORDER_MOVES, told, OrderState)


def _moves(event: Row) -> bool:
    return event["name"] in BECOMES


def _walk(row: Row, state, moves, told, states) -> Iterator[str]:
    for event in filter(_moves, told):
        to = BECOMES[event["name"]]
        if to not in moves[state]:
            yield f"{row['reference']} went from {state} to {to} in its history"
        state = to
    if state != states(row["state"]):
        yield f"{row['reference']} is {row['state']} and its history ends with {state}"


def money_has_history(found: Evidence) -> Iterator[str]:
    """Each movement in the ledger has its line of history, once."""
    for payment in found.payments.values():
        told = found.history.get((PAYMENT, payment["id"]), [])
        ledger = found.ledger.get(payment["provider_id"], Counter())
        for kind in ("captured", "released"):
            amount = sum(e["amount_ore"] for e in told if e["name"] == f"payment:{kind}")
            if amount != ledger[kind]:
                yield f"payment {payment['id']}: {kind} {ledger[kind]}, the history says {amount}"
        reserved = sum(event["name"] == "payment:reserved" for event in told)
        if reserved != bool(ledger["reserved"]):
            yield f"payment {payment['id']}: reserved {reserved} times in the history"


def lines_of(found: Evidence, order: str) -> list[Row]:
    return [line for line in found.lines.values() if line["order"] == order]


def all_ended(lines: list[Row]) -> bool:
    return all(line["state"] in LINE_ENDED for line in lines)


def items_in(movements: list[Row]) -> Iterator[str]:
    for movement in movements:
        for item in movement["orderItems"]:
            yield item["reference"]


def items_of(movements: list[Row]) -> Counter:
    """What the movements come to for each item."""
    sums: Counter[str] = Counter()
    for movement in movements:
        for item in movement["orderItems"]:
            sums[item["reference"]] += item["grossTotalAmount"]
    return sums


def kept_refunds(book: Row) -> list[Row]:
    """Refunds that reached the payer, or are still on their way."""
    return [refund for refund in book["refunds"] if refund["state"] != "Failed"]
