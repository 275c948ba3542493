"""The page of what has stopped: what it is, what to do, and a button to try again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hmskort.accounts.access import staff
from hmskort.common import paging
from hmskort.common.masking import masked
from hmskort.common.models import Effect
from hmskort.desk import operations
from orders.payments.actions import NotCovered
from orders.payments.models import Operation

SORT = ("-created_at", "-id")


@dataclass(frozen=True)
class Stopped:
    """Something that waits for a person. advice: what to do before it is tried again."""

    row: Effect | Operation
    title: str
    error: str
    advice: str
    retried: bool = True


@require_GET
@staff("administrator", "caseworker")
def stopped(request: Any) -> HttpResponse:
    """Failed effects and refused operations, the newest first."""
    page = paging.page(operations.failed_effects(), SORT, request.GET.dict())
    context = {
        "effects": [_effect(row) for row in page.rows],
        "page": page,
        "operations": [_operation(row) for row in operations.refused_operations()[:100]],
    }
    return render(request, "desk/operations.html", context)


@require_POST
@staff("administrator", "caseworker")
def try_again(request: Any, effect: int) -> HttpResponse:
    """The effect is tried again."""
    row = get_object_or_404(operations.failed_effects(), pk=effect)
    operations.try_again(effect=row, actor=request.actor)
    messages.success(request, _("Hendelsen prøves igjen."))
    return redirect("desk:operations")


@require_POST
@staff("administrator", "caseworker")
def try_all_again(request: Any) -> HttpResponse:
    """Every failed effect is tried again."""
    count = operations.try_all_again(actor=request.actor)
    text = ngettext("%(count)s hendelse prøves igjen.", "%(count)s hendelser prøves igjen.", count)
    messages.success(request, text % {"count": count})
    return redirect("desk:operations")


@require_POST
@staff("administrator", "caseworker")
def pay_again(request: Any, operation: int) -> HttpResponse:
    """The refund, release or capture is asked for again."""
    row = get_object_or_404(operations.refused_operations(), pk=operation)
    try:
        operations.pay_again(operation=row, actor=request.actor)
    except NotCovered:
        is_capture = row.kind == Operation.Kind.CAPTURE
        told = _("Det er ikke så mye igjen av reservasjonen. Krev det inn på en annen måte.")
        left = _("Det er ikke så mye igjen å betale tilbake.")
        messages.error(request, told if is_capture else left)
    else:
        messages.success(request, _("Betalingsformidleren blir spurt igjen."))
    return redirect("desk:operations")


def _effect(row: Effect) -> Stopped:
    return Stopped(row, _what(row.event), masked(row.error), _advice(row))


def _operation(row: Any) -> Stopped:
    """row: with `made_good`."""
    return Stopped(row, row.get_kind_display(), row.refusal, _money(row), not row.made_good)


def _what(event: str) -> str:
    """What did not happen, in words."""
    match event.partition(":")[0]:
        case "message":
            return _("En e-post eller SMS er ikke sendt")
        case "payment":
            return _("En betaling er ikke fulgt opp")
        case "facts" | "roles" | "verdict":
            return _("Noe er ikke vurdert på nytt etter nytt fra et register")
        case "card" | "chip":
            return _("Et kort er ikke ført videre")
        case "line" | "evidence":
            return _("En bestilling er ikke ført videre")
        case _:
            return _("En hendelse er ikke fulgt opp")


def _advice(row: Effect) -> str:
    if row.error.startswith("WorkerLost"):
        return _("Prosessen som utfører dette, dør hver gang. Meld det før du prøver igjen.")
    if row.event.startswith("message:"):
        return _("Kontroller adressen og e-posttjenesten, og prøv igjen.")
    return _("Feilen er i programmet. Meld den, og prøv igjen når den er rettet.")


def _money(row: Any) -> str:
    match Operation.Kind(row.kind):
        case Operation.Kind.CAPTURE if not row.made_good:
            return _("Dette er sendt uten å være betalt. Prøv igjen, eller krev det inn selv.")
        case Operation.Kind.CAPTURE:
            return _("Personen er tilbake i handlekurven. Virksomheten kan betale på nytt.")
        case Operation.Kind.RELEASE:
            return _("Beløpet er fortsatt reservert. Prøv igjen, ellers slipper banken det selv.")
        case Operation.Kind.REFUND:
            return _("Virksomheten har penger til gode. Prøv igjen, eller betal dem på annen måte.")
