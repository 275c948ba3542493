"""Everyone employed in the company: who could have a card today, and why not; and ordering."""

from http import HTTPStatus
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
from hmskort.common import clock
from orders import actions, queries, show
from orders.actions.cart import kinds_for
from orders.errors import CannotOrder
from orders.models import Order, StaffCheck
from orders.staff import listed
from orders.views import picked
from registers.models import CardKind

MANY = 100  # employees; from here on the page asks less often how it goes


@require_GET
@for_company
def employees(request: Any) -> HttpResponse:
    """The list as far as the registers have answered, or what it is and how to begin."""
    return render(request, "orders/staff.html", _context(request))


@require_GET
@for_company
def employees_part(request: Any) -> HttpResponse:
    """The part of the page that changes while the registers answer, for htmx.

    204 where nothing has changed since what is shown: then nobody is judged anew.
    """
    kind = _kind(request, request.GET)
    found = _check(request, kind)
    if found and request.GET.get("sett") == listed.seen(found):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
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
def pick(request: Any) -> HttpResponse:
    """Who is ticked on the page stays so, and another part of the list is shown."""
    kind = _kind(request, request.POST)
    picked.keep(request, kind)
    wanted = {name: request.POST.get(name, "") for name in ("vis", "sorter", "etter", "for")}
    return _list_of(kind, **{name: value for name, value in wanted.items() if value})


@require_GET
@with_right(Right.ORDER)
def confirm(request: Any) -> HttpResponse:
    """Everybody who would be put in the cart, by name, before they are."""
    kind = _kind(request, request.GET)
    found = _check_for_today(request, kind)
    if not found:
        return _list_of(kind)
    ids = picked.picked(request, kind)
    chosen = listed.ready(found) if "alle" in request.GET else listed.these(found, ids)
    if not chosen:
        return _list_of(kind)
    context = {"kind": kind, "chosen": chosen, "back": _address_of(kind)}
    return render(request, "orders/staff_confirm.html", context)


@require_POST
@with_right(Right.ORDER)
def order(request: Any) -> HttpResponse:
    """Those who were ticked are in the company's cart; who was not on the page is confirmed first.

    So are all who are ready.
    """
    kind = _kind(request, request.POST)
    ticked = set(request.POST.getlist("person"))
    found = _check_for_today(request, kind)
    if "bekreft" not in request.POST:
        others = picked.keep(request, kind) - ticked
        if "alle" in request.POST:
            return _to_confirm(kind, alle="klare")
        if found and listed.these(found, others):
            return _to_confirm(kind)
    people = [one.person for one in listed.these(found, ticked)] if found else []
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
    picked.forget(request, kind)
    messages.success(request, _told_of(cart, len(lines)))
    return redirect("orders:cart", cart.reference)


def _told_of(cart: Order, count: int) -> str:
    told = ngettext(
        "%(n)d person er lagt til i bestilling %(reference)s.",
        "%(n)d personer er lagt til i bestilling %(reference)s.",
        count,
    )
    return told % {"n": count, "reference": cart.reference}


def _check(request: Any, kind: CardKind) -> StaffCheck | None:
    return StaffCheck.objects.filter(orgnr=request.company.orgnr, kind=kind).first()


def _check_for_today(request: Any, kind: CardKind) -> StaffCheck | None:
    """The company's list, with everybody judged for today; None while nobody has asked for it."""
    found = _check(request, kind)
    if found and found.read_at and found.judged_on != clock.today():
        actions.judge_for_today(check=found)
    return found


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
    kinds = kinds_for(request.company.orgnr)
    if not kinds:
        raise Http404
    return kinds


def _list_of(kind: CardKind, **wanted: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(_address_of(kind, **wanted))


def _address_of(kind: CardKind, **wanted: str) -> str:
    return f"{reverse('orders:staff')}?{urlencode({'type': kind.code, **wanted})}"


def _to_confirm(kind: CardKind, **wanted: str) -> HttpResponseRedirect:
    query = urlencode({"type": kind.code, **wanted})
    return HttpResponseRedirect(f"{reverse('orders:confirm_staff')}?{query}")


def _context(request: Any) -> dict[str, object]:
    wanted, kinds = request.GET.dict(), _kinds(request)
    kind = _chosen_of(kinds, wanted)
    found = _check_for_today(request, kind)
    company = found.company if found else []
    everyone = listed.counted(found) if found else listed.NOBODY
    page = listed.page_of(found, wanted) if found else listed.EMPTY
    ticked = picked.picked(request, kind)
    rows = [show.employee(one, company=company, picked=ticked) for one in page.employees]
    asking = bool(found and found.reading) or everyone.asking > 0
    carts = queries.carts_of(request.company.orgnr).filter(kind=kind)
    may_order_here = request.company.may(Right.ORDER)
    return {
        "kinds": kinds,
        "cart": carts.first(),
        "kind": kind,
        "check": found,
        "staff": everyone,
        "company": show.explained(company),
        "filters": show.staff_filters(everyone),
        "columns": show.columns_of(rows),
        "rows": rows,
        "page": page,
        "wanted": wanted,
        "asking": asking,
        "seen": listed.seen(found) if found else "",  # as read: what comes meanwhile is new
        "selectable": may_order_here
        and not asking
        and any(one.may_be_ordered_for for one in page.employees),
        "picked": ticked,
        "again_s": 5 if everyone.total > MANY else 2,
    }
