"""The first order of a kind: who orders is registered, and the address is confirmed."""

from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.models import EmailConfirmationHMAC
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hmskort.accounts.access import public, with_right
from hmskort.accounts.landing import is_ours
from hmskort.accounts.models import PREPARING, Right
from hmskort.accounts.orderers import queries, standing
from hmskort.accounts.orderers.actions import contact, registering
from hmskort.accounts.orderers.errors import AddressGone, Refused
from hmskort.accounts.orderers.forms import ContactForm
from hmskort.accounts.requests import CompanyRequest
from hmskort.common import clock
from hmskort.common.templatetags.portal import telefon
from registers.models import CardKind
from registers.requirements.findings import Found
from registers.requirements.texts import explain


def register_first(kind: CardKind, *, onward: str) -> HttpResponse:
    """Off to the registration as orderer of this kind, and on to that address afterwards."""
    address = reverse("orderers:register", args=[kind.code])
    return HttpResponseRedirect(f"{address}?{urlencode({'next': onward})}")


@with_right(*PREPARING, Right.PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: CompanyRequest, kind: str) -> HttpResponse:
    """Two fields and a button, for who may order and has not done so for this company before."""
    wanted = get_object_or_404(CardKind, code=kind, open_for_orders=True)
    onward = request.POST.get("next") or request.GET.get("next", "")
    onward = onward if onward and is_ours(request, onward) else reverse("orders:start")
    if queries.orderer_of(request.user, request.company.orgnr, wanted):
        return HttpResponseRedirect(onward)
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        initial={"email": request.user.email, "phone": telefon(request.user.phone)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            orderer = registering.register(
                user=request.user,
                orgnr=request.company.orgnr,
                company_name=request.company.name,
                kind=wanted,
                **form.cleaned_data,
                actor=request.actor,
            )
        except Refused as refused:
            registering.ask_registers(  # whoever mends it and tries again meets a new answer
                user=request.user,
                orgnr=request.company.orgnr,
                kind=wanted,
                fresh_for=timedelta(0),
            )
            return _page(request, wanted, form, onward, refused=refused)
        messages.success(
            request,
            _(
                "Du er registrert som bestiller. BestillerID-en din er %(id)s. "
                "Vi har sendt den på e-post."
            )
            % {"id": orderer.shown},
        )
        return HttpResponseRedirect(onward)
    registering.ask_registers(user=request.user, orgnr=request.company.orgnr, kind=wanted)
    return _page(request, wanted, form, onward)


def _page(
    request: CompanyRequest,
    kind: CardKind,
    form: ContactForm,
    onward: str,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    found = standing.findings_for(request.user, request.company.orgnr, kind, clock.today())
    unmet = refused.unmet if refused else standing.unmet(found)
    person = request.user.person
    shown = {
        "kind": kind,
        "name": (person.name if person else "") or request.user.name,
        "form": form,
        "next": onward,
        "unmet": [explain(finding.as_json()) for finding in unmet],
        "asking": any(finding.found == Found.UNKNOWN for finding in found),
        "errors": [{"text": _("Et registerkrav er ikke oppfylt, så du kan ikke bestille ennå.")}]
        if refused
        else [],
    }
    status = 422 if refused or form.errors else 200
    return render(request, "orderers/register.html", shown, status=status)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, key: str) -> HttpResponse:
    """The link of the e-mail: a button confirms, so that a mail filter's look does not."""
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None:
        return _dead_link(request)
    address = confirmation.email_address
    if request.method != "POST":
        return render(request, "orderers/confirm_email.html", {"email": address.email})
    try:
        contact.confirm_address(address=address)
    except AddressGone:
        return _dead_link(request)
    messages.success(
        request, _("E-postadressen %(email)s er bekreftet.") % {"email": address.email}
    )
    return redirect("orderers:profile" if request.user.is_authenticated else "pages:front")


def _dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "orderers/confirm_email.html", {"email": ""}, status=410)
