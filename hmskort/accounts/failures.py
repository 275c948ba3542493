"""The page for each way a login can fail: what happened, and what to do now."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hmskort.accounts.id_porten.errors import Reason


@dataclass(frozen=True)
class Failure:
    title: str | Promise
    text: str | Promise
    status: int
    electronic_id: bool = False  # shows the way to a better electronic ID


FAILURES = {
    Reason.CANCELLED: Failure(
        _("Du avbrøt innloggingen"),
        _("Du er ikke logget inn, og ingenting er lagret. Prøv igjen når du vil."),
        200,
    ),
    Reason.TOO_LOW: Failure(
        _("Du må logge inn med en sikrere elektronisk ID"),
        _(
            "Du brukte en elektronisk ID med for lavt sikkerhetsnivå. Logg inn på nytt, og velg "
            "BankID, Buypass, Commfides eller MinID med passord og kode."
        ),
        403,
        electronic_id=True,
    ),
    Reason.NO_NUMBER: Failure(
        _("Vi fikk ikke fødselsnummeret ditt"),
        _(
            "Den elektroniske ID-en du brukte, er ikke knyttet til et norsk fødselsnummer eller "
            "D-nummer. Logg inn på nytt med en norsk elektronisk ID."
        ),
        403,
        electronic_id=True,
    ),
    Reason.SILENT: Failure(
        _("ID-porten svarer ikke"),
        _("Du kan ikke logge inn akkurat nå. Feilen er ikke hos deg. Prøv igjen om litt."),
        503,
    ),
    Reason.CLOSED: Failure(
        _("Brukeren din er stengt"),
        _("Du kan ikke logge inn med denne brukeren. Ta kontakt med oss for å få vite hvorfor."),
        403,
    ),
    Reason.BROKEN: Failure(
        _("Innloggingen ble ikke fullført"),
        _(
            "Det kan skje når du bruker lang tid, går tilbake i nettleseren eller åpner "
            "innloggingen i flere faner. Logg inn på nytt herfra."
        ),
        400,
    ),
}


def failure_page(request: HttpRequest, reason: Reason) -> HttpResponse:
    """The page for the reason, with its status."""
    failure = FAILURES[reason]
    return render(request, "accounts/failed.html", {"failure": failure}, status=failure.status)
