"""What Vipps MobilePay says of a payment, as a `Word`.

The state stays AUTHORIZED after captures and refunds: sums are in `aggregate`, and the events tell
what each was asked for, by its idempotency key. A capture has no other id that is documented to be
its own, so its key is its id here.
"""

from typing import Any

from orders.payments.provider import Capture, Refund, RefundState, Word

CURRENCY = "NOK"
OVER = {"ABORTED", "EXPIRED", "TERMINATED"}  # nobody can pay any more


class DoNotAddUp(Exception):
    """The payment and its events were read at different moments: read again."""


def word_of(payment: dict[str, Any], events: list[dict[str, Any]]) -> Word:
    """The payment as the events and the aggregate tell it.

    Raises:
        DoNotAddUp: they do not tell the same.
        KeyError, TypeError, ValueError, AttributeError: it is not as documented.
    """
    if payment["amount"]["currency"] != CURRENCY:
        raise ValueError("not our currency")
    sums = payment["aggregate"]
    reserved_ore = _ore(sums["authorizedAmount"])
    done = [event for event in events if event["success"]]
    word = Word(
        reference=str(payment["reference"]).rpartition("-")[0],
        amount_ore=_ore(payment["amount"]),
        reserved_ore=reserved_ore,
        released_ore=_ore(sums["cancelledAmount"]) if reserved_ore else 0,
        captures=tuple(
            Capture(key, _ore(event["amount"]), key=key)
            for event in done
            if event["name"] == "CAPTURED" and (key := _key(event))
        ),
        refunds=tuple(
            Refund(key, _ore(event["amount"]), RefundState.COMPLETED, key=key)
            for event in done
            if event["name"] == "REFUNDED" and (key := _key(event))
        ),
        closed=payment["state"] in OVER and not reserved_ore,
    )
    refunded_ore = sum(refund.amount_ore for refund in word.refunds)
    told = (_ore(sums["capturedAmount"]), _ore(sums["refundedAmount"]))
    if told != (word.captured_ore, refunded_ore):
        raise DoNotAddUp
    return word


def _ore(amount: dict[str, Any]) -> int:
    value = amount["value"]
    if not isinstance(value, int):
        raise TypeError("an amount is whole øre")
    return value


def _key(event: dict[str, Any]) -> str:
    key = event["idempotencyKey"]
    if not isinstance(key, str) or not key:
        raise ValueError("an event without its key")
    return key
