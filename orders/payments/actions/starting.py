"""The order gets its payment page."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import Superseded
from orders.payments import queries
from orders.payments.actions.booking import locked
from orders.payments.actions.word import abandon, promise
from orders.payments.methods import Method
from orders.payments.models import Payment
from orders.payments.provider import Checkout, Item, Page, provider, total
from orders.payments.rows import Rows, items_of, rows_of
from orders.payments.states import PaymentState


def start(
    *,
    reference: str,
    items: Sequence[Item],
    language: str,
    actor: Actor,
    method: str = Method.NEXI,
) -> Payment:
    """The order has a payment page at the provider: `page_url`. Twice gives the same page.

    Our row is written before the provider is asked, and its id is the idempotency key, so a
    process that dies in between finds its own request again. A payment that was reserved without
    our knowing is given back as it is: its page leads the payer on. When the items or the method
    have changed, the earlier page is closed first, and what was reserved there is released; a page
    that could not be closed then, and is asked for again, is waited for again. What was reserved
    before anybody turned to something else pays for the order: it is not given back.

    By invoice there is no page: `promise_it` follows when the order knows its payment.

    Raises:
        Superseded: somebody closed the payment meanwhile, or paid.
        ServiceError: the provider did not open a page; asking again continues.
    """
    rows = rows_of(items)
    earlier = queries.open_payment(reference)
    if earlier and (earlier.rows, earlier.method) != (rows, method):
        _replace(payment=earlier, actor=actor)
    payment = _opened(reference=reference, method=method, rows=rows, language=language, actor=actor)
    if not payment.page_url and method != Method.INVOICE:
        page = provider(method).start(_checkout(payment), key=str(payment.pk))
        payment = _page_given(payment=payment, page=page)
    return payment


@owns_transaction
def _opened(*, reference: str, method: str, rows: Rows, language: str, actor: Actor) -> Payment:
    """The one open payment of the order; made when there is none."""
    payment = queries.open_payment(reference)
    if payment is None:
        payment, is_new = Payment.objects.get_or_create(
            reference=reference,
            state=PaymentState.STARTED,
            defaults={
                "method": method,
                "amount_ore": total(items_of(rows)).gross_ore,
                "rows": rows,
                "language": language,
                "started_by": actor.id,
            },
        )
        if is_new:
            record("payment:started", actor=actor, subject=payment, reference=reference)
    if (payment.rows, payment.method) != (rows, method):
        raise Superseded(f"the items of {reference} were changed meanwhile")
    return _waited_for_again(payment) if payment.replaced_at else payment


@inside_transaction
def _waited_for_again(payment: Payment) -> Payment:
    """The payer is back at a page that they had left and that could not be closed."""
    row = locked(payment)
    if row.state != PaymentState.STARTED:
        raise Superseded(f"payment {row.pk} is given up")
    row.replaced_at = None
    row.save(update_fields=["replaced_at"])
    return row


@owns_transaction
def promise_it(*, payment: Payment, actor: Actor) -> Payment:
    """A payment by invoice is promised, once; one that has a page is as it was.

    Raises:
        Superseded: somebody gave it up meanwhile.
    """
    row = locked(payment)
    if row.method == Method.INVOICE:
        if row.state == PaymentState.FAILED or row.replaced_at:
            raise Superseded(f"payment {row.pk} is given up")
        if row.state == PaymentState.STARTED:
            promise(payment=row, actor=actor)
    return row


def _replace(*, payment: Payment, actor: Actor) -> None:
    """The payment is over, without news to anybody; what is reserved there yet is released."""
    abandon(payment=_marked_replaced(payment=payment), actor=actor)


@owns_transaction
def _marked_replaced(*, payment: Payment) -> Payment:
    row = locked(payment)
    if row.state == PaymentState.RESERVED and not row.replaced_at:
        raise Superseded(f"{row.reference} was paid for meanwhile")
    row.replaced_at = clock.now()
    row.save(update_fields=["replaced_at"])
    return row


@owns_transaction
def _page_given(*, payment: Payment, page: Page) -> Payment:
    """The payment has its page; the first answer stands when two requests asked at once."""
    Payment.objects.filter(pk=payment.pk, state=PaymentState.STARTED, page_url="").update(
        provider_id=page.payment_id, page_url=page.url
    )
    payment.refresh_from_db()
    if payment.state != PaymentState.STARTED:
        raise Superseded(f"payment {payment.pk} was closed meanwhile")
    return payment


def _checkout(payment: Payment) -> Checkout:
    def address(name: str, *args: object) -> str:
        return settings.BASE_URL + reverse(name, args=args)

    return Checkout(
        reference=payment.reference,
        payment=str(payment.pk),
        items=payment.items,
        language=payment.language,
        return_url=address("payments:back", payment.pk),
        cancel_url=address("payments:cancelled", payment.pk),
        webhook_url=address(f"payments:{payment.method}_webhook"),
        terms_url=address("payments:terms"),
    )
