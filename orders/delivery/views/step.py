"""The delivery step of an order: for which sub-unit, where to, and with whose reference."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hmskort.accounts.access import with_right
from hmskort.accounts.models import PREPARING, Right, User
from hmskort.accounts.orderers.queries import waiting_address
from orders import actions, queries, show
from orders.delivery import actions as addresses
from orders.delivery import queries as places
from orders.delivery.actions import LabelTaken
from orders.delivery.forms import BOOK, OWN, REGISTER, DeliveryForm
from orders.delivery.places import FIELDS
from orders.models import Order
from orders.states import OrderState


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def delivery(request: Any, reference: str) -> HttpResponse:
    """Where this order goes. `?unit=` shows the address of another sub-unit."""
    order = queries.order_for(request.company.orgnr, reference)
    if order.state != OrderState.CART:
        return redirect("orders:cart", reference)
    if request.method == "GET":
        choices = places.choices_for(order, request.GET.get("unit", "")[:9])
        form = DeliveryForm(initial=_initial(order, choices, request.user), choices=choices)
        return _delivery_page(request, order, form)
    choices = places.choices_for(order, request.POST.get("unit", "")[:9])
    form = DeliveryForm(request.POST, choices=choices)
    if form.is_valid() and _stored(request, order, form):
        return _on_to_paying(request, reference)
    return _delivery_page(request, order, form, status=422)


def _on_to_paying(request: Any, reference: str) -> HttpResponse:
    """Who may not pay is told that the rest is up to one who may."""
    if request.company.may(Right.PAY):
        return redirect("orders:pay", reference)
    messages.success(
        request, _("Adressen er lagret. Bestillingen venter på en som har rett til å betale.")
    )
    return redirect("orders:cart", reference)


def _stored(request: Any, order: Order, form: DeliveryForm) -> bool:
    """The order goes there; the address is in the book where it was to be."""
    try:
        if form.label_to_keep:
            addresses.add_address(
                orgnr=order.orgnr,
                label=form.label_to_keep,
                place=form.typed,
                is_default=False,
                actor=request.actor,
            )
    except LabelTaken as taken:
        form.add_error("label", str(taken))
        return False
    actions.set_delivery(order=order, address=form.kept_by_order, actor=request.actor)
    return True


def _initial(order: Order, choices: places.Choices, user: User) -> dict[str, str]:
    own = order.address_choice == Order.Address.OWN
    shown = order.buyer_reference
    if not order.address_choice:  # nobody has been here for this order yet
        shown = shown or places.last_buyer_reference(order.orgnr)
    return {
        **({name: getattr(order, name) for name in FIELDS} if own else {}),
        "where": _where(order, choices),
        "deliver_to": order.deliver_to if own else order.company_name,
        "contact_email": order.contact_email or user.email or waiting_address(user),
        "buyer_reference": shown,
    }


def _where(order: Order, choices: places.Choices) -> str:
    """What is ticked: what was chosen before, else the company's own default, else the register."""
    before = places.chosen_before(order, choices.book)
    match order.address_choice:
        case Order.Address.OWN:
            return OWN
        case Order.Address.BOOK if before:
            return f"{BOOK}{before.pk}"
        case Order.Address.REGISTER if choices.registered:
            return REGISTER
    if choices.default:
        return f"{BOOK}{choices.default.pk}"
    return REGISTER if choices.registered else OWN


def _delivery_page(
    request: Any, order: Order, form: DeliveryForm, *, status: int = 200
) -> HttpResponse:
    lines = [line for line in queries.lines_of(order) if not actions.missing_in(line)]
    context = {
        "form": form,
        "order": order,
        "steps": show.steps("delivery", order),
        "sums": show.sums(order, lines),
    }
    return render(request, "orders/delivery.html", context, status=status)
