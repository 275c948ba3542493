"""Questions about payments and the money in them."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum

from hmskort.common import clock
from orders.payments.models import LedgerEntry, Operation, Payment
from orders.payments.states import OperationState, PaymentState

Kind = Operation.Kind


def open_payment(reference: str) -> Payment | None:
    """The payment of the order that is started, or reserved and not on its way back."""
    rows = Payment.objects.filter(reference=reference)
    returning = Operation.objects.filter(kind=Kind.RELEASE, payment=OuterRef("pk"))
    reserved = rows.filter(~Exists(returning), state=PaymentState.RESERVED)
    return reserved.first() or rows.filter(state=PaymentState.STARTED).first()


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


def refunded_since(age: timedelta, limit: int) -> QuerySet[Payment]:
    """Payments of which something was refunded that recently, the newest refund first."""
    refunds = Operation.objects.filter(
        payment=OuterRef("pk"), kind=Kind.REFUND, state=OperationState.DONE
    )
    newest = refunds.order_by("-done_at").values("done_at")[:1]
    payments = Payment.objects.annotate(refunded_at=Subquery(newest))
    return payments.filter(refunded_at__gte=clock.now() - age).order_by("-refunded_at")[:limit]


def _sum(operations: QuerySet[Operation]) -> int:
    wanted = operations.exclude(state=OperationState.REFUSED)
    found: int = wanted.aggregate(sum=Sum("amount_ore"))["sum"] or 0
    return found
