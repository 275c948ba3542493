"""Lines as a reviewer decides about them, and what the ledger says of it afterwards."""

from django.db import transaction

from hmskort.audit.actor import SYSTEM
from orders import actions
from orders.evidence.models import Piece
from orders.models import Line
from orders.payments.models import Payment
from tests.builders import rest


def approve(line: Line) -> None:
    with transaction.atomic():
        Piece.objects.filter(pk__in=pieces(line)).update(state=Piece.State.APPROVED)
        actions.approve_line(line=Line.objects.get(pk=line.pk), actor=SYSTEM)
    rest()


def refuse(line: Line, kind: str, reason: str) -> None:
    with transaction.atomic():
        Piece.objects.filter(pk__in=pieces(line)).update(state=Piece.State.APPROVED)
        refused = Piece.objects.filter(pk=getattr(line, f"{kind}_id"))
        refused.update(state=Piece.State.REFUSED, reasons=[reason])
        actions.refuse_line(line=Line.objects.get(pk=line.pk), actor=SYSTEM)
    rest()


def pieces(line: Line) -> list:
    return [line.portrait_id, line.signature_id, line.id_copy_id]


def moved(payment: Payment) -> dict[str, int]:
    """What the ledger says was moved, by kind, in øre."""
    sums: dict[str, int] = {}
    for entry in payment.ledger.all():
        sums[entry.kind] = sums.get(entry.kind, 0) + entry.amount_ore
    return sums
