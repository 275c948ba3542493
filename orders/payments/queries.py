"""Questions about payments and the money in them."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from hmskort.common import clock
from orders.payments.methods import REFUNDS_MAY_FAIL
from orders.payments.models import LedgerEntry, Operation, Payment
from orders.payments.states import OperationState, PaymentState

Kind = Operation.Kind


def open_payment(reference: str) -> Payment | None:
    """The payment of the order that is started, or reserved and not on its way back."""
    rows = Payment.objects.filter(reference=reference)
    returning = Operation.objects.filter(kind=Kind.RELEASE, payment=OuterRef("pk"))
    reserved = rows.filter(~Exists(returning), state=PaymentState.RESERVED)
    return reserved.first() or rows.filter(state=PaymentState.STARTED).first()


def is_returning(payment: Payment) -> bool:
    """Is what was reserved given back, or on its way back?"""
    return payment.operations.filter(kind=Kind.RELEASE).exists()


def uncommitted_ore(payment: Payment) -> int:
    """What of the reservation no capture or release has asked for; 0 before it is reserved."""
    if payment.state != PaymentState.RESERVED:
        return 0
    return payment.amount_ore - _sum(
        payment.operations.filter(kind__in=[Kind.CAPTURE, Kind.RELEASE])
    )


def unrefunded_ore(capture: Operation) -> int:
    """What of the capture no refund has asked for."""
    return capture.amount_ore - _sum(capture.refunds.all())


def capture_of(payment: Payment, references: frozenset[str]) -> Operation | None:
    """The capture that was carried out for all these items; the newest where there are several."""
    done = payment.operations.filter(kind=Kind.CAPTURE, state=OperationState.DONE)
    for capture in done.order_by("-done_at"):
        if references <= capture.references:
            return capture
    return None


def is_captured(payment: Payment, *, key: str) -> bool:
    """Was this capture carried out?"""
    return payment.operations.filter(key=key, kind=Kind.CAPTURE, state=OperationState.DONE).exists()


def is_under_way(payment: Payment, *, key: str) -> bool:
    """Is this operation still to be carried out?"""
    return payment.operations.filter(key=key, state=OperationState.WANTED).exists()


def captures_under_way(payment: Payment) -> bool:
    """Is a capture still to be carried out?"""
    return payment.operations.filter(kind=Kind.CAPTURE, state=OperationState.WANTED).exists()


def released_ore(payment: Payment) -> int:
    """What the ledger says was released."""
    return booked(payment)[LedgerEntry.Kind.RELEASED]


def has_twin(operation: Operation) -> bool:
    """Is another operation under way for the same items and the same amount?"""
    others = operation.payment.operations.filter(
        kind=operation.kind, state=OperationState.WANTED, amount_ore=operation.amount_ore
    ).exclude(pk=operation.pk)
    return any(other.references == operation.references for other in others)


def claimed_ids(payment: Payment) -> set[str]:
    """The provider's ids of captures and refunds that an operation of ours already stands for."""
    ids = payment.operations.exclude(provider_id="").values_list("provider_id", flat=True)
    return set(ids)


def booked(payment: Payment) -> dict[str, int]:
    """The ledger's sum of each kind, in øre."""
    sums = dict.fromkeys(LedgerEntry.Kind.values, 0)
    rows = payment.ledger.values("kind").annotate(sum=Sum("amount_ore")).order_by()
    return sums | {row["kind"]: row["sum"] for row in rows}


def started_before(age: timedelta, limit: int) -> QuerySet[Payment]:
    """Payments that nobody has settled for that long, oldest first."""
    return Payment.objects.filter(
        state=PaymentState.STARTED, created_at__lte=clock.now() - age
    ).order_by("created_at")[:limit]


def refunds_done_after(done_at: datetime, pk: int, limit: int) -> QuerySet[Operation]:
    """The refunds that a bank may still send back, from one on, in the order they were done."""
    refunds = Operation.objects.filter(
        Q(done_at__gt=done_at) | Q(done_at=done_at, pk__gt=pk),
        kind=Kind.REFUND,
        state=OperationState.DONE,
        payment__method__in=sorted(REFUNDS_MAY_FAIL),
        done_at__gte=done_at,
    )
    return refunds.select_related("payment").order_by("done_at", "pk")[:limit]


def _sum(operations: QuerySet[Operation]) -> int:
    wanted = operations.exclude(state=OperationState.REFUSED)
    found: int = wanted.aggregate(sum=Sum("amount_ore"))["sum"] or 0
    return found
