"""The document is written, with the next number, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import QuerySet

from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders.invoicing import kid, rules
from orders.invoicing.models import Covered, Document, Series
from orders.invoicing.rows import Row, as_json, net_of, rows_of, to_pay_for, total_of
from orders.payments.methods import Method
from orders.payments.models import Operation, Payment
from orders.payments.provider import Item
from orders.payments.states import OperationState

Kind = Operation.Kind
ONE_SERIES = "invoices"  # credit notes are numbered with the invoices
FIRST = 10_001


@dataclass(frozen=True)
class Buyer:
    """Who is invoiced, and how they know what it is for."""

    orgnr: str
    name: str
    vat_registered: bool
    street: str
    postal_code: str
    city: str
    country_code: str
    email: str
    language: str
    buyer_reference: str = ""


@owns_transaction
def issue(*, payment: Payment, buyer: Buyer) -> Document | None:
    """What was captured and not refunded is invoiced, once; None when there is nothing to ask for.

    Raises:
        TryLater: something is still under way with the payment.
    """
    row = Payment.objects.select_for_update().get(pk=payment.pk)
    if row.method != Method.INVOICE:
        return None
    if known := row.documents.filter(kind=Document.Kind.INVOICE).first():
        return known
    if row.operations.filter(state=OperationState.WANTED).exists():
        raise outbox.TryLater("something is under way with the payment")
    captures, refunds = _uncovered(row, Kind.CAPTURE), _uncovered(row, Kind.REFUND)
    lines = net_of(_items(captures), _items(refunds))
    if not to_pay_for(lines):
        return None
    today, number = clock.today(), _next_number()
    document = Document(
        kind=Document.Kind.INVOICE,
        number=number,
        payment=row,
        reference=row.reference,
        issued_on=today,
        delivered_on=_delivered_on(captures),
        due_on=rules.due_on(today),
        kid=kid.of_invoice(number),
        **asdict(buyer),
    )
    _issue(document, lines, [*captures, *refunds])
    record(
        "invoice:issued",
        actor=SYSTEM,
        subject=row,
        number=number,
        amount_ore=document.to_pay_ore,
    )
    return document


@owns_transaction
def credit(*, payment: Payment) -> Document | None:
    """What was refunded since the invoice was issued is credited, each refund once.

    Before there is an invoice nothing is credited: what is refunded never gets on it.
    """
    row = Payment.objects.select_for_update().get(pk=payment.pk)
    invoice = row.documents.filter(kind=Document.Kind.INVOICE).first()
    refunds = _uncovered(row, Kind.REFUND)
    if invoice is None or not refunds:
        return None
    kept = (
        "orgnr", "name", "vat_registered", "street", "postal_code", "city", "country_code",
        "email", "language", "buyer_reference", "reference",
    )  # fmt: skip
    today = clock.today()
    document = Document(
        kind=Document.Kind.CREDIT_NOTE,
        number=_next_number(),
        payment=row,
        corrects=invoice,
        issued_on=today,
        delivered_on=today,
        **{name: getattr(invoice, name) for name in kept},
    )
    _issue(document, rows_of(_items(refunds)), refunds)
    record(
        "invoice:credited",
        actor=SYSTEM,
        subject=row,
        number=document.number,
        amount_ore=document.to_pay_ore,
    )
    return document


@inside_transaction
def _issue(document: Document, lines: Sequence[Row], covered: Iterable[Operation]) -> None:
    total = total_of(lines)
    document.lines = as_json(lines)
    document.net_ore, document.vat_ore = total.net_ore, total.vat_ore
    document.rounding_ore = to_pay_for(lines) - total.gross_ore
    document.save(force_insert=True)
    Covered.objects.bulk_create(
        Covered(operation=operation, document=document) for operation in covered
    )
    outbox.enqueue("document:issued", key=str(document.number), document=document.pk)


@inside_transaction
def _next_number() -> int:
    """The number after the last; it is free again should the transaction come to nothing."""
    Series.objects.get_or_create(name=ONE_SERIES, defaults={"last": FIRST - 1})
    series = Series.objects.select_for_update().get(name=ONE_SERIES)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def _uncovered(payment: Payment, kind: Operation.Kind) -> list[Operation]:
    done: QuerySet[Operation] = payment.operations.filter(kind=kind, state=OperationState.DONE)
    return list(done.filter(covered=None).order_by("done_at", "pk"))


def _items(operations: Iterable[Operation]) -> list[Item]:
    return [item for operation in operations for item in operation.items]


def _delivered_on(captures: Iterable[Operation]) -> date:
    return max(clock.oslo_date(capture.done_at or clock.now()) for capture in captures)
