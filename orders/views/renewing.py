"""Cards for people who have had one: the next for a card, for many cards, from an earlier order."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cards import queries as cards
from cards.models import Card
from cards.searching import NOT_BY_NUMBER, forget_number
from hmskort.accounts.access import with_right
from hmskort.accounts.models import Right
from orders import actions, queries
from orders.errors import CannotOrder
from orders.models import Order
from orders.renewing import again, ticks
from orders.renewing.again import Again, Group
from registers.models import CardKind

EXPIRING = {"status": cards.EXPIRING}
FILTERS, CURSORS = ("q", "type", "sorter"), ("etter", "for")  # what the list's address may say


@require_POST
@with_right(Right.RENEW)
def order_next(request: Any, number: str) -> HttpResponse:
    """The holder of the card is in the cart, with what was uploaded for the last one."""
    card = _card(request, number)
    waiting = queries.draft_of(card.person, card.orgnr)
    if waiting:  # pressed twice, or a colleague did
        return redirect("orders:cart", waiting.order.reference)
    found = again.weighed(again.from_cards(card.orgnr, [card] if card.current else []))
    if not found.groups:
        why = found.left_out[0].obstacle if found.left_out else _("Et nytt kort har tatt over.")
        messages.error(request, why)
        return redirect("cards:card", card.number)
    return _ordered(request, found, elsewhere=reverse("cards:card", args=[card.number]))


@require_GET
@with_right(Right.RENEW)
def expiring(request: Any) -> HttpResponse:
    """The cards that may be renewed, with a tick for each."""
    orgnr, wanted = request.company.orgnr, request.GET.dict()
    if forget_number(wanted):
        messages.error(request, NOT_BY_NUMBER)
        return _list_of(wanted)
    page = cards.page_of(orgnr, wanted | EXPIRING)
    candidates = again.from_cards(orgnr, list(page.rows))
    ticked = ticks.ticked(request.session, orgnr)
    context = {
        "page": page,
        "rows": [(one, one.wish.card and one.wish.card.number in ticked) for one in candidates],
        "ticked": len(ticked),
        "wanted": wanted,
        "filtered": any(wanted.get(name) for name in ("q", "type")),
        "kinds": CardKind.objects.all(),
    }
    return render(request, "orders/expiring.html", context)


@require_POST
@with_right(Right.RENEW)
def tick(request: Any) -> HttpResponse:
    """What is ticked on the page is kept, and then the page that was asked for is shown."""
    orgnr, sent = request.company.orgnr, request.POST
    wanted = _wanted(request)
    if forget_number(wanted):
        messages.error(request, NOT_BY_NUMBER)
    ticks.tick(request.session, orgnr, shown=sent.getlist("shown"), chosen=sent.getlist("card"))
    asked = sent.get("do")
    if asked == "all":
        every = cards.numbers_of(orgnr, wanted | EXPIRING)
        kept = ticks.ticked(request.session, orgnr) | set(every)
        ticks.keep(request.session, orgnr, kept)
    elif asked == "none":
        ticks.keep(request.session, orgnr, ())
    elif asked == "order":
        return redirect("orders:renew")
    return _list_of(wanted)


@require_http_methods(["GET", "POST"])
@with_right(Right.RENEW)
def renew(request: Any) -> HttpResponse:
    """Asks with names and prices, and puts those who can be renewed in the cart."""
    orgnr = request.company.orgnr
    ticked = sorted(ticks.ticked(request.session, orgnr))
    numbers, later = ticked[: ticks.MOST], ticked[ticks.MOST :]
    chosen = cards.cards_of(orgnr).filter(number__in=numbers).select_related("person")
    found = again.weighed(again.from_cards(orgnr, list(chosen.order_by(*cards.SORTS["navn"]))))
    if request.method == "POST" and found.groups:
        ticks.keep(request.session, orgnr, later)
        _tell_of_later(request, len(later))
        return _ordered(request, found, elsewhere=reverse("orders:renew"))
    if not chosen:
        messages.error(request, _("Kryss av for dem du vil fornye kortet til, først."))
        return _list_of({})
    return _asked(request, found, title=_("Forny HMS-kort"), back=reverse("orders:expiring"))


@require_http_methods(["GET", "POST"])
@with_right(Right.ORDER)
def order_again(request: Any, reference: str) -> HttpResponse:
    """Asks, and puts those of an earlier order who can have a card now in the cart."""
    order = queries.order_for(request.company.orgnr, reference)
    found = again.weighed(again.from_lines(order.orgnr, queries.lines_of(order)))
    back = reverse("orders:order", args=[reference])
    if request.method == "POST" and found.groups:
        return _ordered(request, found, elsewhere=back)
    return _asked(request, found, title=_("Bestill på nytt"), back=back)


def _tell_of_later(request: Any, many: int) -> None:
    """Those for whom there was no room in the order are still ticked."""
    if many:
        told = ngettext(
            "%(n)d kort fikk ikke plass i bestillingen og er fortsatt krysset av.",
            "%(n)d kort fikk ikke plass i bestillingen og er fortsatt krysset av.",
            many,
        )
        messages.warning(request, told % {"n": many})


def _asked(request: Any, found: Again, *, title: str, back: str) -> HttpResponse:
    context = {"again": found, "title": title, "back": back}
    return render(request, "orders/again.html", context)


def _ordered(request: Any, found: Again, *, elsewhere: str) -> HttpResponse:
    """To the cart that the people are in now; where one has just been ordered for, back."""
    carts = []
    for group in found.groups:
        try:
            cart = _in_cart(request, group)
        except CannotOrder as reason:
            messages.error(request, str(reason))
            return redirect(elsewhere)
        carts.append(cart)
    for one in found.left_out:
        messages.warning(request, f"{one.wish.name}: {one.obstacle}")
    return redirect("orders:cart", carts[0].reference)


def _in_cart(request: Any, group: Group) -> Order:
    company = request.company
    cart = actions.open_cart(
        orgnr=company.orgnr,
        company_name=company.name,
        kind=group.kind,
        user=request.user,
        actor=request.actor,
    )
    lines, hindered = actions.add_who_can(order=cart, people=group.people, actor=request.actor)
    names = {one.person.pk: one.wish.name for one in group.candidates}
    for person, why in hindered.items():  # somebody was faster
        messages.warning(request, f"{names[person]}: {why}")
    told = ngettext(
        "%(n)d person er lagt til i bestilling %(reference)s.",
        "%(n)d personer er lagt til i bestilling %(reference)s.",
        len(lines),
    )
    messages.success(request, told % {"n": len(lines), "reference": cart.reference})
    return cart


def _card(request: Any, number: str) -> Card:
    """The company's card; another company's does not exist."""
    try:
        return cards.card_for(request.company.orgnr, number)
    except Card.DoesNotExist:
        raise Http404 from None


def _wanted(request: Any) -> dict[str, str]:
    """The page to show next: another one of the list, the first of a new search, or the same."""
    sent, turned = request.POST, any(name in request.GET for name in CURSORS)
    wanted = {name: sent[name] for name in FILTERS if sent.get(name)}
    place = request.GET if turned else {} if sent.get("do") == "filter" else sent
    return wanted | {name: place[name] for name in CURSORS if place.get(name)}


def _list_of(wanted: dict[str, str]) -> HttpResponseRedirect:
    address = QueryDict(mutable=True)
    address.update(wanted)
    query = f"?{address.urlencode()}" if wanted else ""
    return HttpResponseRedirect(reverse("orders:expiring") + query)
