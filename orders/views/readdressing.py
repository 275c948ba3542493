"""Where a paid order goes, while something of it has not gone in the post."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hmskort.accounts.access import with_right
from hmskort.accounts.models import PREPARING
from orders import actions, queries
from orders.delivery.forms import PlaceForm
from orders.delivery.places import FIELDS
from orders.errors import CannotOrder
from orders.models import Order
from orders.order_page import way
from orders.states import OrderState


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def address(request: Any, reference: str) -> HttpResponse:
    """Asks for the new address, and sends there what is not sent yet."""
    order = queries.order_for(request.company.orgnr, reference)
    if order.state in {OrderState.CART, OrderState.PAYING}:
        return redirect("orders:delivery", reference)
    if request.method == "GET":
        form = PlaceForm(initial={name: getattr(order, name) for name in FIELDS})
        return _page(request, order, form)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    try:
        actions.change_address(order=order, place=form.typed, actor=request.actor)
        messages.success(request, _("Leveringsadressen er endret."))
    except CannotOrder as reason:
        messages.error(request, str(reason))
    return redirect("orders:order", reference)


def _page(request: Any, order: Order, form: PlaceForm, *, status: int = 200) -> HttpResponse:
    lines = queries.lines_of(order)
    gone = [line for line in lines if way.is_sent(line)]
    context = {"order": order, "form": form, "gone": gone, "open": way.is_changeable(order, lines)}
    return render(request, "orders/address.html", context, status=status)
