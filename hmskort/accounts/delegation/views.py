"""The company's page: who may act for it, and letting others do so. For those who lead it."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hmskort.accounts.access import for_leaders, public
from hmskort.accounts.delegation import actions, authorising, paper, queries, show
from hmskort.accounts.delegation.actions import NotPossible, as_stored
from hmskort.accounts.delegation.forms import (
    GiveForm,
    SignForm,
    StoreForm,
    TermsForm,
    a_year_from,
    as_filled_in,
)
from hmskort.accounts.delegation.rules import Standing
from hmskort.accounts.models import Access, Authorisation
from hmskort.accounts.requests import CompanyRequest
from hmskort.common import clock
from hmskort.common.uploads import files
from hmskort.common.uploads.files import NoRoom
from hmskort.common.uploads.serving import picture_response
from registers.persons import person_for


@for_leaders
@require_GET
def overview(request: CompanyRequest) -> HttpResponse:
    """Who may act for the company, why, with which rights, from when and until when."""
    rows = [show.shown(access) for access in queries.every_access(request.company.orgnr)]
    context = {
        "rows": [row for row in rows if row.standing in queries.OPEN],
        "past": [row for row in reversed(rows) if row.standing not in queries.OPEN][
            : queries.MOST_ENDED
        ],
    }
    return render(request, "accounts/delegation/company.html", context)


@for_leaders
@require_http_methods(["GET", "POST"])
def give(request: CompanyRequest) -> HttpResponse:
    """Somebody may act for the company, once their name and number agree."""
    today = clock.today()
    initial = {
        "from_on": today,
        "to_on": a_year_from(today),
        "language": get_language() or "nb",
    }
    form = GiveForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            access = actions.give(
                person=person_for(form.cleaned_data["number"]),
                surname=form.cleaned_data["surname"],
                orgnr=request.company.orgnr,
                terms=form.terms,
                given_by=request.user,
                actor=request.actor,
            )
        except NotPossible as reason:
            form.add_error("surname", str(reason))
        else:
            messages.success(request, _("Tilgangen er registrert."))
            return redirect(*_onward(access))
    return _form_page(request, "accounts/delegation/give.html", form, {})


@for_leaders
@require_GET
def access(request: CompanyRequest, access: int) -> HttpResponse:
    """One access: what it gives, its authorisation, and all that has happened to it."""
    row = queries.access_of(request.company.orgnr, access)
    shown = show.shown(row)
    context = {
        "shown": shown,
        "access": row,
        "open": shown.standing in queries.OPEN,
        "awaited": shown.standing == Standing.NAME_AWAITED,
        "suspended": shown.standing == Standing.SUSPENDED,
        "authorisations": row.authorisations.select_related("signed_by").order_by("-pk"),
        "events": show.happened(row),
        "today": clock.today(),
    }
    return render(request, "accounts/delegation/access.html", context)


@for_leaders
@require_http_methods(["GET", "POST"])
def change(request: CompanyRequest, access: int) -> HttpResponse:
    """Other rights, or another last day, from the next request on."""
    row = queries.delegation_of(request.company.orgnr, access)
    form = TermsForm(request.POST if request.method == "POST" else None, initial=as_filled_in(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(access=row, terms=form.terms, actor=request.actor)
        except NotPossible as reason:
            form.add_error("rights", str(reason))
        else:
            messages.success(request, _("Tilgangen er endret. Endringen gjelder med en gang."))
            return redirect("accounts:access", row.pk)
    return _form_page(request, "accounts/delegation/change.html", form, {"access": row})


@for_leaders
@require_http_methods(["GET", "POST"])
def withdraw(request: CompanyRequest, access: int) -> HttpResponse:
    """Asks, and ends the access at once."""
    row = queries.delegation_of(request.company.orgnr, access)
    if request.method == "GET":
        return render(request, "accounts/delegation/withdraw.html", {"access": row})
    actions.withdraw(access=row, actor=request.actor)
    messages.success(request, _("%s kan ikke lenger handle på vegne av virksomheten.") % row.holder)
    return redirect("accounts:company")


@for_leaders
@require_POST
def give_back(request: CompanyRequest, access: int) -> HttpResponse:
    """One whom the register says has left goes on, from outside the company."""
    row = queries.access_of(request.company.orgnr, access)
    actions.give_back(access=row, actor=request.actor)
    messages.success(request, _("Tilgangen gjelder igjen."))
    return redirect("accounts:access", row.pk)


@for_leaders
@require_http_methods(["GET", "POST"])
def sign(request: CompanyRequest, access: int) -> HttpResponse:
    """The authorisation in words; posting signs it."""
    row = _outside(request, access)
    given = {"rights": row.rights}
    form = SignForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        rights, blocks = form.cleaned_data["rights"], form.cleaned_data["blocks_cards"]
        try:
            authorising.sign(
                access=row,
                rights=rights,
                blocks_cards=blocks,
                statement=_statement(request, row, rights, blocks),
                signed_by=request.user,
                actor=request.actor,
            )
        except NotPossible as reason:
            form.add_error("blocks_cards", str(reason))
        else:
            messages.success(request, _("Fullmakten er signert."))
            return redirect("accounts:access", row.pk)
    context = {"access": row, "statement": _statement(request, row)}
    return _form_page(request, "accounts/delegation/sign.html", form, context)


@for_leaders
@require_http_methods(["GET", "POST"])
def store(request: CompanyRequest, access: int) -> HttpResponse:
    """A signed paper is stored as the authorisation."""
    row = _outside(request, access)
    sent = request.method == "POST"
    form = StoreForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"to_on": row.to_on, "rights": row.rights},
    )
    if request.method == "POST" and form.is_valid():
        try:
            authorising.store(
                access=row,
                rights=form.cleaned_data["rights"],
                blocks_cards=form.cleaned_data["blocks_cards"],
                document=form.cleaned_data["document"],
                to_on=form.cleaned_data["to_on"],
                stored_by=request.user,
                actor=request.actor,
            )
        except NotPossible as reason:
            form.add_error("blocks_cards", str(reason))
        except NoRoom:
            form.add_error(
                "document", _("Vi kan ikke ta imot filer akkurat nå. Prøv igjen om litt.")
            )
        else:
            messages.success(request, _("Fullmakten er lagret."))
            return redirect("accounts:access", row.pk)
    return _form_page(request, "accounts/delegation/store.html", form, {"access": row})


@for_leaders
@require_GET
def stored(request: CompanyRequest, access: int, authorisation: int) -> HttpResponse:
    """The stored paper, as a picture of its pages."""
    row = queries.access_of(request.company.orgnr, access)
    held = queries.authorisation_of(row, authorisation)
    return picture_response(files.read(held.file), f"fullmakt-{held.pk}")


@public
@require_GET
def empty(request: Any) -> HttpResponse:
    """The paper to fill in and sign, for anyone."""
    language = (get_language() or "nb")[:2]
    name = "fullmakt-hms-kort.pdf"
    return HttpResponse(
        paper.empty_paper(language),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Vary": "Cookie"},
    )


def _onward(access: Access) -> tuple[str, int]:
    """One from outside is authorised at once, while it is in mind, unless a name is waited for."""
    at_once = access.outside and not access.surname
    return ("accounts:sign_authorisation" if at_once else "accounts:access"), access.pk


def _outside(request: CompanyRequest, access: int) -> Access:
    row = queries.delegation_of(request.company.orgnr, access)
    if not row.needs_authorisation or row.surname:
        raise Http404
    return row


def _statement(
    request: CompanyRequest, access: Access, rights: Collection[str] = (), blocks: str = ""
) -> str:
    """What is signed. rights, blocks: what for, and who reports cards, once it has been chosen."""
    context = {
        "company": request.company,
        "access": access,
        "may": show.may(as_stored(rights)) if rights else [],
        "blocks": Authorisation.Blocks(blocks).label if blocks else "",
    }
    return render_to_string("accounts/delegation/statement.txt", context).strip()


def _form_page(
    request: CompanyRequest, template: str, form: Any, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
