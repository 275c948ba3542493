"""Who owns the transaction is said by a decorator; a mistake fails at the first run."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

Given = ParamSpec("Given")
Result = TypeVar("Result")


class NoTransaction(RuntimeError):
    """An action that must run inside another's transaction was called outside one."""


def owns_transaction(action: Callable[Given, Result]) -> Callable[Given, Result]:
    """The action is one durable transaction: for views, tasks and commands to call."""
    return transaction.atomic(durable=True)(action)


def inside_transaction(action: Callable[Given, Result]) -> Callable[Given, Result]:
    """The action runs in the transaction of the action that called it.

    Raises:
        NoTransaction: none is open.
    """

    @wraps(action)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        if not connection.in_atomic_block:
            raise NoTransaction(f"{action.__qualname__} called outside a transaction")
        return action(*args, **kwargs)

    return guarded
