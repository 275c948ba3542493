"""From a full cart to a paid order: the declaration, the reservation, the receipt."""

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hmskort.accounts.orderers.queries import waiting_agreement
from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.money import ZERO
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import Superseded, move
from orders import mails, prices, queries, rules
from orders.actions import sleeves
from orders.actions.authorised import require_authorisation
from orders.actions.awaiting import is_not_met, send_to_review, stays_behind, wait_until_met
from orders.actions.ordering import require_orderer
from orders.actions.progress import card_item, company_cart, postage_item
from orders.actions.surnames import surname_is_wrong
from orders.delivery.queries import sleeves_of
from orders.errors import Incomplete
from orders.models import Line, Order
from orders.payments import actions as payments
from orders.payments.actions import Item
from orders.payments.methods import Method
from orders.payments.models import Payment
from orders.payments.offers import methods_on
from orders.payments.provider import total
from orders.payments.queries import is_returning, open_payment
from orders.payments.states import PaymentState
from orders.states import ORDER_MOVES, LineState, OrderState
from registers.models import Company


def missing_in(line: Line) -> list[str]:
    """What this line lacks before it can be ordered, in words; empty when it is ready."""
    lacks = []
    if stays_behind(line):
        lacks.append(_("et registerkrav er ikke oppfylt"))
    if surname_is_wrong(line):
        lacks.append(_("etternavnet stemmer ikke med nummeret"))
    if not line.portrait:
        lacks.append(_("portrett mangler"))
    if line.order.kind.signature_required and not line.signature:
        lacks.append(_("signatur mangler"))
    if not line.id_copy:
        lacks.append(_("legitimasjonskopi mangler"))
    return lacks


def missing_in_order(order: Order, ready: list[Line]) -> list[str]:
    """What the order lacks before it can be paid for, in words; empty when it can.

    ready: its lines that lack nothing; the others stay behind in the cart.
    """
    lacks = []
    if not ready and sleeves_of(order) is None:
        lacks.append(_("Ingen i bestillingen er klare ennå."))
    if not (order.deliver_to and order.street and order.postal_code and order.city):
        lacks.append(_("Leveringsadressen er ikke fylt ut."))
    if not order.contact_email:
        lacks.append(_("E-postadressen for kvittering er ikke fylt ut."))
    if waiting_agreement(order.orgnr):
        lacks.append(_("Virksomheten har ikke godtatt vilkårene i avtalen."))
    return lacks


def stop_paying(*, order: Order, actor: Actor) -> None:
    """Nobody can pay any more, and the order is a cart again, unless it was paid meanwhile.

    Raises:
        ServiceError: the payment service did not say; the order stands as it was.
    """
    payment = order.payment or open_payment(order.reference)
    if payment:
        payment = payments.abandon(payment=payment, actor=actor)
    if (
        payment is None
        or payment.state == PaymentState.FAILED
        or open_payment(order.reference) is None
    ):
        _unfreeze(order=order)


def may_be_invoiced(orgnr: str) -> bool:
    """Is the company one whom an invoice reaches: Norwegian, there, and not bankrupt?"""
    company = Company.objects.filter(orgnr=orgnr).first()
    return (
        company is not None
        and company.state == Company.State.FOUND
        and not company.bankrupt
        and company.country_code in {"", "NO"}
    )


def ways_to_pay(orgnr: str) -> list[Method]:
    """The ways to pay today, of which the invoice is not for every company."""
    return [
        method
        for method in methods_on(clock.today())
        if method != Method.INVOICE or may_be_invoiced(orgnr)
    ]


def begin_payment(*, order: Order, actor: Actor, method: str = Method.NEXI) -> Payment:
    """The declaration is accepted, the prices are today's, and the payment page is ready.

    By invoice there is no page: the order may be submitted at once. So may one that costs nothing,
    whatever the ways to pay are: it is promised as by invoice, and no provider is asked.

    Raises:
        NotRegistered: whoever pays is not registered as orderer; nothing has changed.
        Incomplete: something is missing, or the way to pay is not open; nothing has changed.
        Superseded: it was paid for, or given up, meanwhile.
        ServiceError: the payment service gave no page; the order is a cart again.
    """
    items = _freeze(order=order, actor=actor, method=method)
    is_free = not total(items).gross_ore
    order.refresh_from_db()
    try:
        payment = payments.start(
            reference=order.reference,
            items=items,
            language=order.language,
            actor=actor,
            method=Method.INVOICE if is_free else method,
        )
    except payments.ServiceError:
        _unfreeze(order=order)
        raise
    if not Order.objects.filter(pk=order.pk, state=OrderState.PAYING).update(payment=payment):
        raise Superseded(f"order {order.reference} left the checkout meanwhile")
    return payments.promise_it(payment=payment, actor=actor)


@owns_transaction
def _freeze(*, order: Order, actor: Actor, method: str) -> list[Item]:
    """The lines that are ready are being paid for; the others wait in a cart beside the order."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.state not in {OrderState.CART, OrderState.PAYING} or queries.is_reserved(order):
        raise Superseded(f"order {order.reference} is paid for")
    require_authorisation(order=order, actor=actor)
    require_orderer(order=order, actor=actor)
    lines = list(_drafts(order))
    ready = [line for line in lines if not missing_in(line)]
    lacks = missing_in_order(order, ready)
    if lacks:
        raise Incomplete(lacks)
    if order.state == OrderState.CART:
        _declare(order, actor)
    if order.payment and order.payment.state == PaymentState.FAILED:
        Order.objects.filter(pk=order.pk).update(payment=None)  # what it still tells is of the past
    behind = [line for line in lines if line not in ready]
    if behind:
        _into(company_cart(order), behind)
    _price(order)
    cards = [card_item(line) for line in _drafts(order)]
    whole = [*cards, postage_item(order), *sleeves.items(order)]
    items = [item for item in whole if item.total.gross_ore]  # providers take nothing that is free
    if total(items).gross_ore and method not in ways_to_pay(order.orgnr):
        raise Incomplete([_("Denne måten å betale på er ikke åpen nå. Velg en annen.")])
    return items


@inside_transaction
def _price(order: Order) -> None:
    """Everything has today's price; postage is paid where there are cards that are not free."""
    today = clock.today()
    price = prices.price_of(order.kind.code, today)
    _drafts(order).filter(purpose=prices.FREE).update(price_net_ore=0, price_vat_ore=0)
    paid_for = _drafts(order).exclude(purpose=prices.FREE)
    some = paid_for.update(price_net_ore=price.net_ore, price_vat_ore=price.vat_ore)
    postage = prices.postage(today) if some else ZERO
    order.postage_net_ore, order.postage_vat_ore = postage.net_ore, postage.vat_ore
    order.save(update_fields=["postage_net_ore", "postage_vat_ore"])
    sleeves.price(order=order)


def _declare(order: Order, actor: Actor) -> None:
    version = rules.declaration_version(clock.today())
    move(
        order,
        OrderState.PAYING,
        ORDER_MOVES,
        declaration_version=version,
        declared_at=clock.now(),
        language=(get_language() or order.language)[:2],
    )
    record("order:declared", actor=actor, subject=order, orgnr=order.orgnr, version=version)
    record("order:payment_started", actor=actor, subject=order, orgnr=order.orgnr)


@owns_transaction
def _unfreeze(*, order: Order) -> None:
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    others = open_payment(order.reference)  # a colleague may be at its page by now
    if order.state == OrderState.PAYING and not (others and others.page_url):
        _a_cart_again(order)


@inside_transaction
def _a_cart_again(order: Order) -> None:
    """The order is the company's cart, with those who stayed behind when it was to be paid for."""
    for beside in queries.other_carts(order):
        _into(order, list(_drafts(beside)))
        sleeves.join(cart=order, beside=beside)
        move(beside, OrderState.CANCELLED, ORDER_MOVES)
        record("order:cancelled", actor=SYSTEM, subject=beside, orgnr=beside.orgnr)
    move(order, OrderState.CART, ORDER_MOVES)
    record("order:returned", actor=SYSTEM, subject=order, orgnr=order.orgnr)


def _into(order: Order, lines: list[Line]) -> None:
    for line in lines:
        Line.objects.filter(pk=line.pk).update(order=order, position=queries.next_position(order))


@owns_transaction
def submit(*, payment: Payment) -> None:
    """The order is paid for: its lines wait for review and the orderer has a receipt.

    Who was to go along although a requirement is not met waits for that first.

    A reservation that the order no longer waits for is given back.
    """
    order = Order.objects.select_for_update(of=("self",)).get(reference=payment.reference)
    payment.refresh_from_db()
    is_sent = order.state not in {OrderState.CART, OrderState.PAYING}
    if is_sent and order.payment_id == payment.pk:
        return
    if (
        order.state != OrderState.PAYING
        or order.payment_id not in {None, payment.pk}
        or payment.replaced_at
        or is_returning(payment)
    ):
        payments.want_release(payment=payment, key=f"release:{payment.pk}", actor=SYSTEM)
        return
    move(order, OrderState.SUBMITTED, ORDER_MOVES, payment=payment, submitted_at=clock.now())
    record("order:submitted", actor=SYSTEM, subject=order, orgnr=order.orgnr)
    for line in _drafts(order):
        if line.order_when_met_at and is_not_met(line):
            wait_until_met(line=line)
        else:
            send_to_review(line=line)
    sleeves.wait_for_packing(order=order)
    mails.receipt(order)


@owns_transaction
def return_to_cart(*, payment: Payment) -> None:
    """A payment that came to nothing leaves the cart as it was."""
    order = Order.objects.select_for_update(of=("self",)).get(reference=payment.reference)
    begun_again = open_payment(order.reference)
    if (
        order.state == OrderState.PAYING
        and order.payment_id in {None, payment.pk}
        and begun_again is None
    ):
        _a_cart_again(order)


def _drafts(order: Order) -> QuerySet[Line]:
    return order.lines.filter(state=LineState.DRAFT).select_related(
        "person", "verdict", "order__kind"
    )
