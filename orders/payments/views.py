"""Back from the payment page, and the provider's messages.

Neither a return nor a message proves anything: both only make us read what the provider says.
"""

import hashlib
import hmac
import json
import logging
import re
import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from hmskort.accounts import access
from hmskort.accounts.requests import LoggedInRequest
from hmskort.common import clock
from hmskort.common.services import ServiceError
from orders.payments import actions
from orders.payments.models import Payment
from orders.payments.states import PaymentState
from orders.payments.vipps import signing

log = logging.getLogger(__name__)
PLAIN_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


@access.logged_in
@require_GET
def back(request: LoggedInRequest, payment_id: uuid.UUID) -> HttpResponse:
    """From the payment page to the order; a page that waits while the provider says nothing."""
    payment = _own(request, payment_id)
    try:
        payment = actions.take_word(payment=payment, actor=request.actor)
    except ServiceError as error:
        log.warning("no word on payment %s: %s", payment.pk, error)
    match PaymentState(payment.state):
        case PaymentState.RESERVED:
            return _paid(request, payment)
        case PaymentState.FAILED:
            messages.error(request, _("Betalingen ble ikke fullført. Ingenting er trukket."))
            return _go(request, "orders:cart", payment)
        case PaymentState.STARTED:
            if request.htmx:
                return HttpResponse(status=204)
            return render(request, "payments/waiting.html", {"payment": payment})


@access.logged_in
@require_GET
def cancelled(request: LoggedInRequest, payment_id: uuid.UUID) -> HttpResponse:
    """The payer turned back: the page is closed and the order is a cart again."""
    payment = _own(request, payment_id)
    try:
        payment = actions.abandon(payment=payment, actor=request.actor)
    except ServiceError as error:
        log.warning("payment %s is not closed yet: %s", payment.pk, error)
    match PaymentState(payment.state):
        case PaymentState.RESERVED:
            return _paid(request, payment)
        case PaymentState.FAILED:
            messages.info(request, _("Du avbrøt betalingen. Ingenting er trukket."))
            return _go(request, "orders:cart", payment)
        case PaymentState.STARTED:
            return _go(request, "payments:back", payment)


@access.public
@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    """When money is reserved, taken, released and paid back."""
    return render(request, "payments/terms.html")


@access.webhook
@require_POST
def nexi_webhook(request: HttpRequest) -> HttpResponse:
    """Answers at once; what the message is about is read from Nexi afterwards."""
    if not _from_nexi(request):
        return HttpResponse(status=401)
    try:
        body = json.loads(request.body)
        message, about = body["id"], body["data"]["paymentId"]
        if not (PLAIN_ID.fullmatch(message) and PLAIN_ID.fullmatch(about)):
            return HttpResponse(status=400)
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    actions.hear(provider_id=about, message=message)
    return HttpResponse(status=200)


@access.webhook
@require_POST
def vipps_webhook(request: HttpRequest) -> HttpResponse:
    """Answers at once; what the message is about is read from Vipps afterwards."""
    genuine = signing.is_genuine(
        settings.PAYMENT["vipps"]["webhook_secret"],
        {name.lower(): value for name, value in request.headers.items()},
        path=request.get_full_path(),
        body=request.body,
        now=clock.now(),
    )
    if not genuine:
        return HttpResponse(status=401)
    try:
        about = json.loads(request.body)["reference"]
        if not PLAIN_ID.fullmatch(about):
            return HttpResponse(status=400)
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    message = hashlib.sha256(request.body).hexdigest()  # a message has no id that is its own
    actions.hear(provider_id=about, message=message)
    return HttpResponse(status=200)


def _from_nexi(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").encode()
    expected = settings.PAYMENT["nexi"]["webhook_secret"].encode()
    return bool(expected) and hmac.compare_digest(given, expected)


def _own(request: LoggedInRequest, payment_id: uuid.UUID) -> Payment:
    """The payment, for who started it; for others it does not exist."""
    return get_object_or_404(Payment, pk=payment_id, started_by=request.actor.id)


def _paid(request: LoggedInRequest, payment: Payment) -> HttpResponse:
    if payment.replaced_at:
        messages.warning(
            request,
            _("Bestillingen skal betales på en annen måte. Det du reserverte her, får du tilbake."),
        )
    return _go(request, "orders:order", payment)


def _go(request: LoggedInRequest, name: str, payment: Payment) -> HttpResponse:
    address = reverse(name, args=[payment.pk if name == "payments:back" else payment.reference])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
