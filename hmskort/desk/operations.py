"""What has stopped and waits for a person: effects that failed, and money the provider refused."""

from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.models import Effect
from hmskort.common.transactions import owns_transaction
from hmskort.common.transitions import Superseded
from orders.crediting.models import Credit
from orders.payments import actions as payments
from orders.payments.models import Operation
from orders.payments.states import OperationState

SHOWN_FOR = timedelta(days=90)
AGAIN = "again:"  # of the key of an operation that is tried again, before the id of the refused one
OF_A_CARD = "card:"  # the key of a capture whose line is back in the cart when it is refused


def can_be_tried(operation: Operation) -> bool:
    """Is it for a person to have it tried again?"""
    return operation.kind != Operation.Kind.CAPTURE or not operation.key.startswith(OF_A_CARD)


def failed_effects() -> QuerySet[Effect]:
    """Effects that nobody tries any more."""
    return Effect.objects.filter(state=Effect.State.FAILED)


def refused_operations() -> QuerySet[Operation]:
    """What the provider refused lately and has not been tried again, the newest first."""
    key = Concat(Value(AGAIN), Cast(OuterRef("pk"), CharField()))
    return (
        Operation.objects.filter(
            ~Exists(Operation.objects.filter(key=key)),
            state=OperationState.REFUSED,
            created_at__gte=clock.now() - SHOWN_FOR,
        )
        .select_related("payment")
        .order_by("-id")
    )


def waiting() -> int:
    """How much there is that nothing happens with before a person has seen to it."""
    made_good = Q(kind=Operation.Kind.CAPTURE, key__startswith=OF_A_CARD)
    return failed_effects().count() + refused_operations().exclude(made_good).count()


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
        Superseded: it does not stand refused, or is a card's capture: its line is in a cart.
        payments.NotCovered: there is not that much left to pay back, or to capture.
    """
    if operation.state != OperationState.REFUSED or not can_be_tried(operation):
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
