"""Everyone employed in the company: who could have a card today, and why not; and ordering."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hmskort.accounts.access import for_company, with_right
from hmskort.accounts.models import Right
from orders import actions, queries, show, staff
from orders.actions.cart import may_order
from orders.errors import CannotOrder
from orders.models import Order, StaffCheck
from orders.staff import Employee
from registers.models import CardKind, Person

MANY = 100  # employees; from here on the page asks less often how it goes


@require_GET
@for_company
def employees(request: Any) -> HttpResponse:
    """The list as far as the registers have answered, or what it is and how to begin."""
    return render(request, "orders/staff.html", _context(request))


@require_GET
@for_company
def employees_part(request: Any) -> HttpResponse:
    """The part of the page that changes while the registers answer, for htmx."""
    return render(request, "orders/_staff.html", _context(request))


@require_POST
@with_right(Right.ORDER)
def check(request: Any) -> HttpResponse:
    """The registers are asked about everyone, and the list shows what they answer."""
    kind = _kind(request, request.POST)
    actions.check_staff(orgnr=request.company.orgnr, kind=kind, actor=request.actor)
    return _list_of(kind)


@require_POST
@with_right(Right.ORDER)
def order(request: Any) -> HttpResponse:
    """Those who were ticked, or all who are ready, are in the company's cart."""
    kind = _kind(request, request.POST)
    found = StaffCheck.objects.filter(orgnr=request.company.orgnr, kind=kind).first()
    people = _chosen(request, found) if found else []
    if not people:
        messages.error(request, _("Velg dem du vil bestille for først."))
        return _list_of(kind)
    company = request.company
    try:
        cart = actions.open_cart(
            orgnr=company.orgnr,
            company_name=company.name,
            kind=kind,
            user=request.user,
            actor=request.actor,
        )
        lines = actions.add_people(order=cart, people=people, actor=request.actor)
    except CannotOrder as reason:
        messages.error(request, str(reason))
        return _list_of(kind)
    messages.success(request, _told_of(cart, len(lines)))
    return redirect("orders:cart", cart.reference)


def _told_of(cart: Order, count: int) -> str:
    told = ngettext(
        "%(n)d person er lagt til i bestilling %(reference)s.",
        "%(n)d personer er lagt til i bestilling %(reference)s.",
        count,
    )
    return told % {"n": count, "reference": cart.reference}


def _chosen(request: Any, found: StaffCheck) -> list[Person]:
    """Employees of this company; whoever else was asked for does not exist."""
    everyone = staff.staff_of(found)
    if "alle" in request.POST:
        return [one.person for one in everyone.ready]
    ticked = set(request.POST.getlist("person"))
    return [one.person for one in everyone.employees if str(one.person.pk) in ticked]


def _kind(request: Any, wanted: Any) -> CardKind:
    """The kind that was asked for, or the first that the company may order.

    Raises:
        Http404: the company may order no kind that is called so.
    """
    return _chosen_of(_kinds(request), wanted)


def _chosen_of(kinds: list[CardKind], wanted: Any) -> CardKind:
    code = wanted.get("type") or kinds[0].code
    kind = next((kind for kind in kinds if kind.code == code), None)
    if kind is None:
        raise Http404
    return kind


def _kinds(request: Any) -> list[CardKind]:
    """The kinds that the company may order.

    Raises:
        Http404: there is none, so there is nothing to look at.
    """
    every = CardKind.objects.filter(open_for_orders=True)
    kinds = [kind for kind in every if may_order(request.company.orgnr, kind)]
    if not kinds:
        raise Http404
    return kinds


def _list_of(kind: CardKind) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('orders:staff')}?{urlencode({'type': kind.code})}")


def _context(request: Any) -> dict[str, object]:
    wanted, kinds = request.GET.dict(), _kinds(request)
    kind = _chosen_of(kinds, wanted)
    found = StaffCheck.objects.filter(orgnr=request.company.orgnr, kind=kind).first()
    everyone = staff.staff_of(found) if found and found.read_at else staff.Staff()
    page = staff.page_of(everyone, wanted)
    rows = [show.employee(one, company=everyone.company) for one in page.employees]
    asking = bool(found and found.reading) or everyone.asking > 0
    carts = queries.carts_of(request.company.orgnr).filter(kind=kind)
    may_order_here = request.company.may(Right.ORDER)
    return {
        "kinds": kinds,
        "cart": carts.first(),
        "kind": kind,
        "check": found,
        "staff": everyone,
        "company": show.explained(everyone.company),
        "filters": show.staff_filters(everyone),
        "columns": show.columns_of(rows),
        "rows": rows,
        "page": page,
        "wanted": wanted,
        "asking": asking,
        "answered": len(everyone.employees) - everyone.asking,
        "selectable": may_order_here
        and not asking
        and any(_may_be_ticked(one) for one in page.employees),
        "again_s": 5 if len(everyone.employees) > MANY else 2,
    }


def _may_be_ticked(one: Employee) -> bool:
    return not one.obstacle
