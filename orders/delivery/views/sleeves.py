"""Card sleeves of an order: how many, and none after all."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hmskort.accounts.access import with_right
from hmskort.accounts.models import PREPARING, Right
from orders import actions, queries
from orders.actions import sleeves as sleeve_actions
from orders.actions.cart import may_order
from orders.delivery.forms import SleevesForm
from orders.delivery.queries import sleeves_of
from orders.errors import CannotOrder
from orders.states import OrderState
from registers.models import CardKind


@require_http_methods(["GET", "POST"])
@with_right(Right.ORDER)
def start(request: Any) -> HttpResponse:
    """Sleeves without any card: they go in the company's cart."""
    form = SleevesForm(request.POST if request.method == "POST" else None, initial={"quantity": 1})
    if request.method == "POST" and form.is_valid():
        company = request.company
        kinds = CardKind.objects.filter(open_for_orders=True)
        order = actions.open_cart(
            orgnr=company.orgnr,
            company_name=company.name,
            kind=next(kind for kind in kinds if may_order(company.orgnr, kind)),
            user=request.user,
            actor=request.actor,
        )
        sleeve_actions.choose(
            order=order, quantity=form.cleaned_data["quantity"], actor=request.actor
        )
        return redirect("orders:cart", order.reference)
    status = 422 if form.errors else 200
    return render(request, "delivery/sleeves.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def choose(request: Any, reference: str) -> HttpResponse:
    """How many sleeves are in the cart; none takes them out."""
    order = queries.order_for(request.company.orgnr, reference)
    if order.state != OrderState.CART:
        return redirect("orders:cart", reference)
    held = sleeves_of(order)
    form = SleevesForm(
        request.POST if request.method == "POST" else None,
        initial={"quantity": held.quantity if held else 0},
    )
    if request.method == "POST" and form.is_valid():
        _choose(request, order, form.cleaned_data["quantity"])
        return redirect("orders:cart", reference)
    status = 422 if form.errors else 200
    context = {"form": form, "order": order}
    return render(request, "delivery/sleeves.html", context, status=status)


def _choose(request: Any, order: Any, quantity: int) -> None:
    try:
        sleeve_actions.choose(order=order, quantity=quantity, actor=request.actor)
        messages.success(request, _("Antallet kortholdere er lagret."))
    except CannotOrder as reason:
        messages.error(request, str(reason))


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def withdraw(request: Any, reference: str) -> HttpResponse:
    """Asks, and takes the sleeves out of a paid order."""
    order = queries.order_for(request.company.orgnr, reference)
    sleeves = sleeves_of(order)
    if sleeves is None:
        raise Http404
    if request.method == "GET":
        context = {"order": order, "sleeves": sleeves}
        return render(request, "delivery/withdraw_sleeves.html", context)
    try:
        sleeve_actions.withdraw(sleeves=sleeves, actor=request.actor)
        messages.success(request, _("Kortholderne er trukket fra bestillingen."))
    except CannotOrder as reason:
        messages.error(request, str(reason))
    return redirect("orders:order", reference)
