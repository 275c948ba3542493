"""Money is reserved, captured, released and refunded: each wanted thing happens once.

What is wanted is written with its cause (`want_...`) and carried out afterwards by a listener. No
transaction is open while the provider is asked. Whoever dies between the provider's answer and
our row, or never hears the answer, reads the provider before asking again with the same key.
"""

from hmskort.common.services import ServiceError
from orders.payments.actions.carrying_out import carry_out
from orders.payments.actions.starting import promise_it, start
from orders.payments.actions.wanting import (
    NotCovered,
    want_capture,
    want_capture_again,
    want_refund,
    want_release,
)
from orders.payments.actions.word import abandon, hear, take_word
from orders.payments.provider import Item

__all__ = [
    "Item",
    "NotCovered",
    "ServiceError",
    "abandon",
    "carry_out",
    "hear",
    "promise_it",
    "start",
    "take_word",
    "want_capture",
    "want_capture_again",
    "want_refund",
    "want_release",
]
