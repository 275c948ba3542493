"""What became of it: each order with its people."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hmskort.accounts.access import for_company, with_right
from hmskort.accounts.models import PREPARING
from hmskort.common import clock
from orders import actions, queries, show
from orders.actions.progress import UNDER_WAY, address_lines
from orders.delivery.show import shipments_of
from orders.errors import CannotOrder
from orders.invoicing.queries import documents_of
from orders.models import Order
from orders.order_page import timeline, way
from orders.states import LINE_DOCUMENTED, LineState, OrderState
from registers.exemptions.queries import may_apply_for


@require_GET
@for_company
def order(request: Any, reference: str) -> HttpResponse:
    """One order: receipt, status of each person, what happens next."""
    found = queries.order_for(request.company.orgnr, reference)
    if found.payment and queries.is_reserved(found):  # the payer is here before the worker
        actions.submit(payment=found.payment)
        found = queries.order_for(request.company.orgnr, reference)
    if found.state in {OrderState.CART, OrderState.PAYING}:
        return redirect("orders:cart", reference)
    behind = queries.left_behind(found)
    context = {
        **_order_context(found),
        "events": timeline.happened(found),
        "behind": behind,
        "cart": queries.cart_of(found) if behind else None,
    }
    return render(request, "orders/order.html", context)


@require_GET
@for_company
def order_lines(request: Any, reference: str) -> HttpResponse:
    """The part of the order's page that changes while it is worked on, for htmx."""
    found = queries.order_for(request.company.orgnr, reference)
    return render(request, "orders/_order_lines.html", _order_context(found))


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def withdraw(request: Any, reference: str, line: str) -> HttpResponse:
    """Asks, and takes the person out of a paid order."""
    row = queries.line_for(request.company.orgnr, reference, line)
    if request.method == "GET":
        return render(
            request, "orders/withdraw.html", {"line": show.order_line(row), "order": row.order}
        )
    try:
        actions.withdraw_line(line=row, actor=request.actor)
        messages.success(request, _("%s er trukket fra bestillingen.") % show.name_of(row))
    except CannotOrder as reason:
        messages.error(request, str(reason))
    return redirect("orders:order", reference)


def _order_context(found: Order) -> dict[str, object]:
    lines = queries.lines_of(found)
    return {
        "order": found,
        "status": show.order_status(found),
        "lines": [show.order_line(line) for line in lines],
        "may_be_exempt": may_apply_for(found.orgnr, clock.today()),
        "under_way": any(line.state in UNDER_WAY for line in lines),
        "documented": any(line.state in LINE_DOCUMENTED for line in lines),
        "awaiting": any(line.state == LineState.AWAITING for line in lines),
        "address": address_lines(found),
        "steps": way.steps_of(found, lines),
        "changeable": way.is_changeable(found, lines),
        "gone": sum(way.is_sent(line) for line in lines),
        "sums": show.sums(found, lines),
        "moved": show.moved(found),
        "by_invoice": show.is_by_invoice(found),
        "documents": documents_of(found.reference),
        "shipments": shipments_of(found, lines),
    }
