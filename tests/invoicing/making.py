"""Invoices made by the portal's own actions, without an order behind them."""

from dataclasses import replace

from django.db import transaction

from hmskort.audit.actor import SYSTEM
from hmskort.common.money import Amount, with_vat
from orders.invoicing import actions
from orders.invoicing.actions import Buyer
from orders.invoicing.models import Document
from orders.payments import actions as payments
from orders.payments.methods import Method
from orders.payments.models import Payment
from orders.payments.provider import Item

BUYER = Buyer(
    orgnr="310000027",
    name="Byggmester AS",
    vat_registered=True,
    street="Hammersborggata 12",
    postal_code="0181",
    city="Oslo",
    country_code="NO",
    email="kari@byggmester.example",
    language="nb",
    buyer_reference="Prosjekt 4711 & <felles>",
)
CARD = Item("LINE1", "HMS-kort – bygg og anlegg", with_vat(10_400))
POSTAGE = Item("ORDER-P", "Porto", with_vat(3_800))
SLEEVES = Item("ORDER-H", 'Kortholder "klar" <10 stk> & bånd', with_vat(1_250), quantity=10)
FREE = Item("LINE9", "HMS-kort – erstatter kort med feil", Amount(0, 0))
HALF = Item("LINE1", "Prisavslag – kort sendt for sent", with_vat(5_200))


def card(number: int) -> Item:
    return replace(CARD, reference=f"LINE{number}")


def promised(*items: Item, reference: str = "ORDER") -> Payment:
    payment = payments.start(
        reference=reference, items=items, language="nb", actor=SYSTEM, method=Method.INVOICE
    )
    return payments.promise_it(payment=payment, actor=SYSTEM)


def carried_out(kind: str, payment: Payment, key: str, *items: Item) -> None:
    verb = payments.want_capture if kind == "capture" else payments.want_refund
    with transaction.atomic():
        operation = verb(payment=payment, key=key, items=items, actor=SYSTEM)
    payments.carry_out(operation=operation, actor=SYSTEM)


def captured(*items: Item, reference: str = "ORDER") -> Payment:
    payment = promised(*items, reference=reference)
    for item in items:
        carried_out("capture", payment, f"{reference}:{item.reference}", item)
    return payment


def invoiced(*items: Item, buyer: Buyer = BUYER, reference: str = "ORDER") -> Document:
    payment = captured(*(items or (CARD, POSTAGE)), reference=reference)
    document = actions.issue(payment=payment, buyer=buyer)
    assert document is not None
    return document


def credited(invoice: Document, *items: Item, key: str = "back") -> Document | None:
    carried_out("refund", invoice.payment, key, *items)
    return actions.credit(payment=invoice.payment)
