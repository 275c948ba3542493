"""The company's own cards: the list, one card, and blocking it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cards import actions, queries, shown
from cards.forms import BlockForm, LostForm
from cards.models import Card
from cards.searching import NOT_BY_NUMBER, forget_number
from cards.states import ALIVE, BLOCKABLE, BlockReason, CardState, Loss, Standing
from hmskort.accounts.access import for_company, with_right
from hmskort.accounts.models import Right
from hmskort.accounts.requests import CompanyRequest
from hmskort.common import clock
from registers.approvals import in_cleaning_register
from registers.exemptions.queries import may_apply_for
from registers.models import CardKind
from registers.requirements.company import of_company, of_person

SOUGHT = ("q", "status", "type", "sorter")  # what the address may say of a search
FILTERS = [
    ("", _("Alle")),
    (Standing.VALID.value, _("Gyldige")),
    (queries.EXPIRING, _("Utløper innen tre måneder")),
    (Standing.REQUIREMENTS.value, _("Krav mangler")),
    (Standing.ORDERED.value, _("Under produksjon")),
    (Standing.EXPIRED.value, _("Utløpte")),
    (Standing.BLOCKED.value, _("Sperrede")),
]


@for_company
@require_http_methods(["GET", "HEAD", "POST"])
def card_list(request: CompanyRequest) -> HttpResponse:
    """The company's cards, filtered and sorted as the address says.

    What is sought is posted and answered by its address: an identity number must not stand in one.
    """
    is_sent = request.method == "POST"
    wanted = (request.POST if is_sent else request.GET).dict()
    by_number = forget_number(wanted)
    if by_number:
        messages.error(request, NOT_BY_NUMBER)
    if is_sent or by_number:
        told = {name: wanted[name] for name in SOUGHT if wanted.get(name)}
        query = f"?{urlencode(told)}" if told else ""
        return HttpResponseRedirect(reverse("cards:list") + query)
    page = queries.page_of(request.company.orgnr, wanted)
    found = queries.findings_on_page(page)
    company = of_company(found.values())
    context = {
        "rows": [
            {
                "card": card,
                "status": shown.status(card),
                "requirements": shown.explained(of_person(found.get(card.pk, []), company)),
            }
            for card in page.rows
        ],
        "company": shown.explained(company),
        "page": page,
        "wanted": wanted,
        "filtered": any(wanted.get(name) for name in ("q", "status", "type")),
        "filters": FILTERS,
        "cleaning": in_cleaning_register(request.company.orgnr),
        "kinds": CardKind.objects.all(),
    }
    return render(request, "cards/list.html", context)


@for_company
@require_safe
def card(request: CompanyRequest, number: str) -> HttpResponse:
    """One card: status, values, what the registers say, and all that has happened to it."""
    row = _card(request, number)
    context = {
        "card": row,
        "status": shown.status(row),
        "details": shown.details(row),
        "requirements": shown.requirements(queries.findings_on(row)),
        "may_be_exempt": may_apply_for(row.orgnr, clock.today()),
        "followed": row.state in ALIVE,
        "events": [shown.happened(event) for event in queries.timeline(row)],
        "blockable": row.state in BLOCKABLE,
        "losable": row.state == CardState.PRODUCED,
        "again": shown.again(row) if request.company.may(Right.RENEW) else "",
        "reason": row.get_blocked_for_display(),
    }
    return render(request, "cards/card.html", context)


@with_right(Right.BLOCK)
def block(request: CompanyRequest, number: str) -> HttpResponse:
    """Asks why and whether, and then blocks the card."""
    row = _card(request, number)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = BlockReason(form.cleaned_data["reason"])
        actions.block(card=row, reason=reason, actor=request.actor)
        messages.success(request, gettext("Kortet er sperret, og sjekken svarer «ikke gyldig»."))
        return redirect("cards:card", row.number)
    status = 422 if form.errors else 200
    context = {"card": row, "form": form, "blockable": row.state in BLOCKABLE}
    return render(request, "cards/block.html", context, status=status)


@require_http_methods(["GET", "POST"])
@with_right(Right.BLOCK)
def lost(request: CompanyRequest, number: str) -> HttpResponse:
    """Asks how and whether, and then says to everyone that the card is lost."""
    row = _card(request, number)
    form = LostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.report_lost(card=row, how=Loss(form.cleaned_data["how"]), actor=request.actor)
        messages.success(request, gettext("Kortet er meldt tapt, og sjekken svarer «ikke gyldig»."))
        return redirect("cards:card", row.number)
    status = 422 if form.errors else 200
    context = {"card": row, "form": form, "losable": row.state == CardState.PRODUCED}
    return render(request, "cards/lost.html", context, status=status)


@for_company
@require_safe
def portrait(request: CompanyRequest, number: str) -> HttpResponseBase:
    """The picture on the card."""
    row = _card(request, number)
    name = row.portrait.name
    if not name or not default_storage.exists(name):
        raise Http404
    return FileResponse(default_storage.open(name), content_type="image/jpeg")


def _card(request: CompanyRequest, number: str) -> Card:
    """The company's card; another company's does not exist."""
    try:
        return queries.card_for(request.company.orgnr, number)
    except Card.DoesNotExist:
        raise Http404 from None
