"""A last look, the declaration, and off to the payment page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hmskort.accounts.access import with_right
from hmskort.accounts.models import Right
from hmskort.accounts.orderers.queries import orderer_of, waiting_agreement
from hmskort.accounts.orderers.views.agreements import accept_first
from hmskort.accounts.orderers.views.registering import register_first
from hmskort.common import clock
from hmskort.common.services import ServiceError
from orders import actions, prices, queries, show
from orders.actions.progress import address_lines
from orders.errors import Incomplete
from orders.forms import PayForm
from orders.models import Order
from orders.payments.offers import change_after
from orders.people.own_cards import orders_own_card
from orders.states import OrderState


@require_http_methods(["GET", "POST"])
@with_right(Right.PAY)
def pay(request: Any, reference: str) -> HttpResponse:
    """Check the answers, accept the declaration, and go to the payment page."""
    order = queries.order_for(request.company.orgnr, reference)
    if order.state not in {OrderState.CART, OrderState.PAYING} or queries.is_reserved(order):
        return redirect("orders:order", reference)
    if first := _to_be_done_first(request, order):
        return first
    people = _people(order)
    form = _form(request, order, people)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            payment = actions.begin_payment(
                order=order, actor=request.actor, method=form.cleaned_data.get("method", "")
            )
        except Incomplete as incomplete:
            problems, people = incomplete.missing, _people(order)
            form = _form(request, order, people)
        except ServiceError:
            problems = [
                _("Betalingstjenesten svarer ikke nå. Ingenting er trukket. Prøv igjen om litt.")
            ]
        else:
            if not payment.page_url:  # by invoice: the order's page sends it
                return redirect("orders:order", reference)
            return HttpResponseRedirect(payment.page_url)
    return _pay_page(request, form, people, order, problems)


def _to_be_done_first(request: Any, order: Order) -> HttpResponse | None:
    """The way to what must be in place before anybody pays: the terms, and the BestillerID."""
    if waiting_agreement(order.orgnr):
        return accept_first(order.orgnr, onward=request.path)
    if orderer_of(request.user, order.orgnr, order.kind) is None:
        return register_first(order.kind, onward=request.path)
    return None


@require_POST
@with_right(Right.PAY)
def stop_paying(request: Any, reference: str) -> HttpResponse:
    """The payment that was begun is given up, and the cart can be changed again."""
    order = queries.order_for(request.company.orgnr, reference)
    try:
        actions.stop_paying(order=order, actor=request.actor)
    except ServiceError:
        messages.error(request, _("Betalingstjenesten svarer ikke nå. Prøv igjen om litt."))
    return redirect("orders:cart", reference)


def _people(order: Order) -> list[show.CartLine]:
    return [show.cart_line(line) for line in queries.lines_of(order)]


def _form(request: Any, order: Order, people: list[show.CartLine]) -> PayForm:
    lines = [person.line for person in people if person.ready]
    return PayForm(
        request.POST if request.method == "POST" else None,
        methods=actions.ways_to_pay(order.orgnr),
        own=orders_own_card(order, request.user),
        free=bool(lines) and not show.sums(order, lines).total_ore,
    )


def _pay_page(
    request: Any, form: PayForm, people: list[show.CartLine], order: Order, problems: list[str]
) -> HttpResponse:
    lines = [person.line for person in people if person.ready]
    context = {
        "form": form,
        "order": order,
        "lines": [person for person in people if person.ready],
        "behind": [person for person in people if not person.ready],
        "awaiting": any(person.ready and person.when_met for person in people),
        "waits_until": show.waits_until(order),
        "address": address_lines(order) if order.street else [],
        "missing": actions.missing_in_order(order, lines),
        "payment": queries.payment_under_way(order),
        "errors": [{"text": text} for text in problems],
        "steps": show.steps("pay", order),
        "sums": show.sums(order, lines),
        "change": change_after(clock.today()),
        "coming_price": prices.coming(order.kind_id, clock.today()),
    }
    status = 422 if problems or form.errors else 200
    return render(request, "orders/pay.html", context, status=status)
