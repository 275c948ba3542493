"""*Mine ordre*: the company's orders, searched, narrowed and sorted.

What is sought is posted and answered by an address, because an identity number may be typed in the
field and must never stand in one. The address keeps the rest, so a list can be shared and gone
back to.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hmskort.accounts.access import for_company
from orders import actions, show
from orders.my_orders import listing
from orders.my_orders.form import SearchForm
from registers import national_id


@require_http_methods(["GET", "POST"])
@for_company
def orders(request: Any) -> HttpResponse:
    """The page of the orders that the address asks for; posting a search leads to its address."""
    units = listing.units_of(request.company.orgnr)
    if request.method == "POST":
        form = SearchForm(request.POST, units=units)
        return _sought(request, form) if form.is_valid() else _page(request, form, {}, status=422)
    wanted = request.GET.dict()
    if national_id.found_in(wanted.get("q", "")):
        return HttpResponseRedirect(reverse("orders:orders"))  # it is not sought by an address
    if wanted.get("sorter", "").removeprefix("-") not in listing.SORTS:
        wanted["sorter"] = listing.NEWEST
    form = SearchForm(wanted, units=units)
    status = 200 if form.is_valid() else 422
    return _page(request, form, wanted, status=status)


def _sought(request: Any, form: SearchForm) -> HttpResponse:
    """Off to the address of what is sought; a person sought by number has a token there."""
    wanted = form.address
    if form.national_id:
        person = actions.seek_person(
            orgnr=request.company.orgnr, national_id=form.national_id, actor=request.actor
        )
        wanted["person"] = listing.token_for(request.company.orgnr, person)
    query = f"?{urlencode(wanted)}" if wanted else ""
    return HttpResponseRedirect(reverse("orders:orders") + query)


def _page(request: Any, form: SearchForm, wanted: dict[str, str], *, status: int) -> HttpResponse:
    page = listing.page_of(request.company.orgnr, request.user, wanted) if status == 200 else None
    context = {
        "form": form,
        "page": page,
        "rows": [(order, show.order_status(order)) for order in page.rows] if page else [],
        "columns": [_column(name, label, wanted) for name, label in show.COLUMNS().items()],
        "filtered": listing.is_filtered(wanted),
        "narrowed": form.is_narrowed,
        "by_number": bool(wanted.get("person")),
        "with_units": len(form.units) > 0,
        "turned": bool(wanted.get("etter") or wanted.get("for")),
    }
    return render(request, "orders/list.html", context, status=status)


def _column(name: str, label: str, wanted: dict[str, str]) -> dict[str, str]:
    """A heading that sorts: how the list stands by it now, and where a click leads."""
    current = wanted.get("sorter", listing.NEWEST)
    first, other = name, f"-{name}"
    if name in listing.BEST_DOWNWARDS:
        first, other = other, first
    to = other if current == first else first
    return {
        "name": name,
        "label": label,
        "sorted": {name: "ascending", f"-{name}": "descending"}.get(current, ""),
        "to": to,
        "hint": _("sorter synkende") if to.startswith("-") else _("sorter stigende"),
    }
