"""What has stopped and waits for a person: effects that failed, and money the provider refused."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Concat

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.models import Effect
from hmskort.common.transactions import owns_transaction
from hmskort.common.transitions import Superseded
from orders import prices
from orders.crediting.models import Credit
from orders.models import Line, Order
from orders.payments import actions as payments
from orders.payments.models import Operation
from orders.payments.states import OperationState
from orders.states import LineState, OrderState

SHOWN_FOR = timedelta(days=90)
AGAIN = "again:"  # of the key of an operation that is tried again, before the id of the refused one
# The keys of captures: a card's line is back in the cart when it is refused; nobody owes postage
# for an order that ended without a card that is paid for.
OF_A_CARD, OF_POSTAGE = "card:", "postage:"


def failed_effects() -> QuerySet[Effect]:
    """Effects that nobody tries any more."""
    return Effect.objects.filter(state=Effect.State.FAILED)


def refused_operations() -> QuerySet[Any]:
    """What the provider refused lately and has not been tried again, the newest first.

    Each with `made_good`: there is nothing in it for a person to see to.
    """
    cards = Line.objects.filter(order=OuterRef("pk"), state=LineState.ISSUED)
    nothing_sent = Order.objects.filter(
        ~Exists(cards.exclude(purpose=prices.FREE)),
        payment=OuterRef("payment"),
        state=OrderState.COMPLETED,
    )
    made_good = Q(kind=Operation.Kind.CAPTURE) & (
        Q(key__startswith=OF_A_CARD) | Q(key__startswith=OF_POSTAGE) & Exists(nothing_sent)
    )
    key = Concat(Value(AGAIN), Cast(OuterRef("pk"), CharField()))
    return (
        Operation.objects.filter(
            ~Exists(Operation.objects.filter(key=key)),
            state=OperationState.REFUSED,
            created_at__gte=clock.now() - SHOWN_FOR,
        )
        .annotate(made_good=ExpressionWrapper(made_good, output_field=BooleanField()))
        .select_related("payment")
        .order_by("-id")
    )


def waiting() -> int:
    """How much there is that nothing happens with before a person has seen to it."""
    return failed_effects().count() + refused_operations().filter(made_good=False).count()


@owns_transaction
def try_again(*, effect: Effect, actor: Actor) -> None:
    """The effect waits to be carried out as if it were new.

    Raises:
        Superseded: somebody else saw to it.
    """
    if not outbox.try_again(effect):
        raise Superseded(f"effect {effect.pk} does not stand failed")
    record("effect:tried_again", actor=actor, subject=effect)


@owns_transaction
def try_all_again(*, actor: Actor) -> int:
    """Every failed effect waits as if it were new; how many they were."""
    tried = [effect for effect in failed_effects() if outbox.try_again(effect)]
    for effect in tried:
        record("effect:tried_again", actor=actor, subject=effect)
    return len(tried)


@owns_transaction
def pay_again(*, operation: Operation, actor: Actor) -> Operation:
    """The operation is wanted again, once: a refund or release under a key of its own.

    What was to be given back by the refund is given back by the new one.

    Raises:
        Superseded: it does not stand refused, or nobody owes it: its line is in a cart.
        payments.NotCovered: there is not that much left to pay back, or to capture.
    """
    if not refused_operations().filter(pk=operation.pk, made_good=False).exists():
        raise Superseded(f"{operation.key} cannot be tried again")
    key, payment = f"{AGAIN}{operation.pk}", operation.payment
    match Operation.Kind(operation.kind):
        case Operation.Kind.CAPTURE:
            again = payments.want_capture_again(operation=operation, actor=actor)
        case Operation.Kind.RELEASE:
            again = payments.want_release(payment=payment, key=key, actor=actor)
        case Operation.Kind.REFUND:
            items = operation.items
            again = payments.want_refund(payment=payment, key=key, items=items, actor=actor)
            Credit.objects.filter(operation=operation).update(operation=again)
    record("payment:tried_again", actor=actor, subject=operation.payment, operation=operation.key)
    return again
