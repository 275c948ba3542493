"""The company's address book."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hmskort.accounts.access import with_right
from hmskort.accounts.models import PREPARING
from orders.delivery import actions as addresses
from orders.delivery import queries as places
from orders.delivery.actions import LabelTaken
from orders.delivery.forms import AddressForm
from orders.delivery.places import FIELDS, kept


@require_GET
@with_right(*PREPARING)
def book(request: Any) -> HttpResponse:
    """The company's address book."""
    rows = [(each, kept(each)) for each in places.addresses_of(request.company.orgnr)]
    return render(request, "delivery/book.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def add(request: Any) -> HttpResponse:
    """A new address for the book."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.add_address(
                orgnr=request.company.orgnr, actor=request.actor, **_of_form(form)
            )
        except LabelTaken as taken:
            form.add_error("label", str(taken))
        else:
            messages.success(request, _("Adressen er lagret."))
            return redirect("delivery:book")
    return _address_page(request, form)


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def change(request: Any, address: UUID) -> HttpResponse:
    """An address of the book is changed; orders that were sent keep what they had."""
    row = places.address_for(request.company.orgnr, address)
    names = ("label", "is_default", *FIELDS)
    initial = {name: getattr(row, name) for name in names}
    form = AddressForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.change_address(address=row, actor=request.actor, **_of_form(form))
        except LabelTaken as taken:
            form.add_error("label", str(taken))
        else:
            messages.success(request, _("Adressen er lagret."))
            return redirect("delivery:book")
    return _address_page(request, form, address=row)


@require_http_methods(["GET", "POST"])
@with_right(*PREPARING)
def remove(request: Any, address: UUID) -> HttpResponse:
    """Asks, and takes the address out of the book."""
    row = places.address_for(request.company.orgnr, address)
    if request.method == "GET":
        return render(request, "delivery/remove.html", {"address": row, "lines": kept(row).lines})
    addresses.remove_address(address=row, actor=request.actor)
    messages.success(request, _("«%s» er fjernet fra adresseboken.") % row.label)
    return redirect("delivery:book")


def _of_form(form: AddressForm) -> dict[str, Any]:
    return {
        "label": form.cleaned_data["label"],
        "place": form.typed,
        "is_default": form.cleaned_data["is_default"],
    }


def _address_page(request: Any, form: AddressForm, address: object = None) -> HttpResponse:
    context = {"form": form, "address": address}
    status = 422 if form.errors else 200
    return render(request, "delivery/address.html", context, status=status)
