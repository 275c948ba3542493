"""The cart: people, what the registers say of them, and what is missing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from hmskort.accounts.access import for_company, to_change, with_right
from hmskort.accounts.models import PREPARING, Right
from hmskort.accounts.orderers.queries import orderer_of
from hmskort.accounts.orderers.views.registering import register_first
from hmskort.common import clock
from orders import actions, queries, show
from orders.delivery.forms import SleevesForm
from orders.delivery.queries import sleeves_read_with
from orders.errors import CannotOrder
from orders.forms import PeopleForm, StartForm, SurnameForm
from orders.models import Order
from orders.states import OrderState
from registers.exemptions.queries import may_apply_for
from registers.models import CardKind
from registers.persons import people_for
from registers.requirements.findings import Found


@require_http_methods(["GET", "POST"])
@with_right(Right.ORDER)
def start(request: Any) -> HttpResponse:
    """A new order, or the cart that the company left."""
    company = request.company
    if request.method == "POST":
        form = StartForm(request.POST, orgnr=company.orgnr)
        if form.is_valid():
            order = actions.open_cart(
                orgnr=company.orgnr,
                company_name=company.name,
                kind=form.cleaned_data["kort_type"],
                user=request.user,
                actor=request.actor,
            )
            return _added(request, order, form)
        status = 422
    else:
        chosen = CardKind.objects.filter(code=request.GET.get("kort_type", "bygg")).first()
        form = StartForm(orgnr=company.orgnr, initial={"kort_type": chosen})
        status = 200
    carts = queries.carts_of(company.orgnr)
    return render(
        request,
        "orders/start.html",
        {"form": form, "carts": carts, "steps": show.steps("people")},
        status=status,
    )


@require_http_methods(["GET", "POST"])
@to_change(Right.ORDER)
def cart(request: Any, reference: str) -> HttpResponse:
    """The cart's page; posting adds more people."""
    order = queries.order_for(request.company.orgnr, reference)
    if order.state not in {OrderState.CART, OrderState.PAYING} or queries.is_reserved(order):
        return redirect("orders:order", reference)
    form = PeopleForm(request.POST if request.method == "POST" else None, orgnr=order.orgnr)
    if request.method == "POST" and form.is_valid():
        return _added(request, order, form)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "orders/cart.html", {"form": form, **_cart_context(order)}, status=status
    )


@require_GET
@for_company
def checks(request: Any, reference: str) -> HttpResponse:
    """The part of the cart that changes while the registers answer, for htmx."""
    order = queries.order_for(request.company.orgnr, reference)
    return render(request, "orders/_people.html", _cart_context(order))


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def remove(request: Any, reference: str, line: str) -> HttpResponse:
    """Asks, and takes the person out of the cart."""
    row = queries.line_for(request.company.orgnr, reference, line)
    if request.method == "GET":
        return render(request, "orders/remove.html", {"line": row, "order": row.order})
    actions.remove_line(line=row, actor=request.actor)
    messages.success(request, _("%s er fjernet fra bestillingen.") % show.name_of(row))
    return redirect("orders:cart", reference)


@require_POST
@with_right(*PREPARING)
def recheck(request: Any, reference: str, line: str) -> HttpResponse:
    """The registers are asked again; the answer shows on the cart's page."""
    row = queries.line_for(request.company.orgnr, reference, line)
    actions.recheck(line=row, actor=request.actor)
    return redirect("orders:cart", reference)


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def surname(request: Any, reference: str, line: str) -> HttpResponse:
    """Asks for the surname, and shows the name in the cart if it is the person's."""
    row = queries.line_for(request.company.orgnr, reference, line)
    form = SurnameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["surname"]
        try:
            actions.state_surname(line=row, surname=wanted, actor=request.actor)
            return redirect("orders:cart", reference)
        except CannotOrder as reason:
            form.add_error("surname", str(reason))
    context = {"form": form, "line": row, "order": row.order}
    return render(request, "orders/surname.html", context, status=422 if form.errors else 200)


@require_POST
@with_right(*PREPARING)
def when_met(request: Any, reference: str, line: str) -> HttpResponse:
    """Ticked: the person goes along though a requirement is not met. Not ticked: stays behind."""
    row = queries.line_for(request.company.orgnr, reference, line)
    chosen = "wanted" in request.POST
    choose = actions.order_when_met if chosen else actions.do_not_order_when_met
    try:
        choose(line=row, actor=request.actor)
    except CannotOrder as reason:
        messages.error(request, str(reason))
    if request.htmx:
        return HttpResponseClientRefresh()
    return redirect("orders:cart", reference)


def _added(request: Any, order: Order, form: PeopleForm) -> HttpResponse:
    numbers = form.cleaned_data["numbers"]
    people = people_for(numbers)
    surnames = {
        person.pk: form.surnames[number]
        for number, person in zip(numbers, people, strict=True)
        if number in form.surnames
    }
    try:
        actions.add_people(order=order, people=people, actor=request.actor, surnames=surnames)
    except CannotOrder as reason:
        messages.error(request, str(reason))
    if orderer_of(request.user, order.orgnr, order.kind) is None:
        return register_first(order.kind, onward=reverse("orders:cart", args=[order.reference]))
    return redirect("orders:cart", order.reference)


def _cart_context(order: Order) -> dict[str, object]:
    lines = queries.lines_of(order)
    shown = [show.cart_line(line) for line in lines]
    ready = [line.line for line in shown if line.ready]
    sleeves = sleeves_read_with(order)
    going = ready or [line.line for line in shown if line.goes_along]
    return {
        "order": order,
        "payment": queries.payment_under_way(order),
        "lines": shown,
        "doubles": queries.doubles_of(order).exists(),
        "may_be_exempt": may_apply_for(order.orgnr, clock.today()),
        "waits_until": show.waits_until(order),
        "asking": any(line.asking for line in shown),
        "silent": any(line.outcome == Found.UNKNOWN for line in shown),
        "ready": len(ready),
        "steps": show.steps("cart", order),
        "sums": show.sums(order, going) if going or sleeves or not lines else None,
        "sleeves": sleeves,
        "sleeves_form": SleevesForm(initial={"quantity": sleeves.quantity if sleeves else 0}),
    }
