"""The answer in words: what it means and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cards.public_check.queries import Answer
from cards.public_check.rules import Reason, Status

Text = str | Promise
KINDS: dict[str, Text] = {"bygg": _("Bygg og anlegg"), "renhold": _("Renhold")}
LANGUAGES = ("nb", "nn", "en")  # as `Answer.kind_names`
TYPE_AGAIN = _("Se på nummeret på kortet en gang til, og skriv det inn på nytt.")


@dataclass(frozen=True)
class Told:
    """The answer for a reader. color and icon: of the design system and the icon sprite."""

    title: Text
    text: Text
    color: str
    icon: str
    steps: tuple[Text, ...] = ()


NOT_TO_WORK = _("Kortet kan ikke brukes som HMS-kort i dag.")
TELL_EMPLOYER = _(
    "Be kortinnehaveren kontakte arbeidsgiveren. Arbeidsgiveren kan logge inn og se hva som er "
    "galt, og hvordan det rettes."
)
REPORT = _(
    "Skal du kontrollere kort på plassen, melder du fra til arbeidsgiveren og til "
    "Arbeidstilsynet når et kort ikke er gyldig."
)
TOLD: dict[tuple[Status, Reason], Told] = {
    (Status.VALID, Reason.NONE): Told(
        _("Kortet er gyldig"),
        _("Kravene i registrene er oppfylt i dag, og kortet er ikke sperret."),
        "success",
        "checkmark-circle-fill",
        (_("Sjekk at bildet og navnet på kortet stemmer med personen."),),
    ),
    (Status.NOT_VALID, Reason.EXPIRED): Told(
        _("Kortet er ikke gyldig"),
        _("Kortet har gått ut på dato."),
        "danger",
        "x-mark-octagon-fill",
        (_("Arbeidsgiveren må bestille et nytt kort."), REPORT),
    ),
    (Status.NOT_VALID, Reason.BLOCKED): Told(
        _("Kortet er ikke gyldig"),
        _("Kortet er sperret."),
        "danger",
        "x-mark-octagon-fill",
        (TELL_EMPLOYER, REPORT),
    ),
    (Status.NOT_VALID, Reason.REQUIREMENTS): Told(
        _("Kortet er ikke gyldig"),
        _("Minst ett av kravene i registrene er ikke oppfylt i dag."),
        "danger",
        "x-mark-octagon-fill",
        (TELL_EMPLOYER, REPORT),
    ),
    (Status.NOT_VALID, Reason.NONE): Told(
        _("Kortet er ikke gyldig"),
        NOT_TO_WORK,
        "danger",
        "x-mark-octagon-fill",
        (TELL_EMPLOYER, REPORT),
    ),
    (Status.UNDER_ORDER, Reason.NONE): Told(
        _("Kortet er bestilt og under behandling"),
        _(
            "Personen skal ikke avvises bare fordi kortet mangler. Arbeidstakeren kan arbeide når "
            "bestillingen kan dokumenteres."
        ),
        "info",
        "hourglass",
        (
            _("Be om å få se bestillingsbekreftelsen og legitimasjon."),
            _("Sjekk igjen om noen dager. Svaret her endrer seg når kortet er klart."),
        ),
    ),
    (Status.UNKNOWN, Reason.NOT_FOUND): Told(
        _("Vi finner ikke kortet"),
        _("Ingen kort og ingen bestilling har dette nummeret."),
        "warning",
        "questionmark-circle",
        (
            TYPE_AGAIN,
            _("Nye kort har åtte siffer, eldre kort har sju."),
            _("Stemmer nummeret, er dette ikke et HMS-kort som er utstedt her."),
        ),
    ),
    (Status.UNKNOWN, Reason.CHECK_DIGIT): Told(
        _("Nummeret er skrevet feil"),
        _("Sifrene passer ikke sammen, så minst ett av dem er feil eller står på feil plass."),
        "warning",
        "exclamationmark-triangle-fill",
        (TYPE_AGAIN,),
    ),
    (Status.UNKNOWN, Reason.NOT_A_NUMBER): Told(
        _("Dette er ikke et kortnummer"),
        _("Et kortnummer har åtte siffer, på eldre kort sju."),
        "warning",
        "exclamationmark-triangle-fill",
        (TYPE_AGAIN,),
    ),
    (Status.UNKNOWN, Reason.WITHDRAWN): Told(
        _("Bestillingen ble ikke til et kort"),
        _("Bestillingen med denne referansen er trukket tilbake eller avbrutt."),
        "warning",
        "exclamationmark-triangle-fill",
        (_("Be arbeidsgiveren om en ny bestillingsbekreftelse."),),
    ),
}


def told(answer: Answer) -> Told:
    """The answer in words."""
    return TOLD[answer.status, answer.reason]


def kind_name(answer: Answer) -> str:
    """The kind's name as the administration wrote it; one that nobody named shows its code."""
    if answer.kind_names:
        names = dict(zip(LANGUAGES, answer.kind_names, strict=True))
        return names.get((get_language() or "nb")[:2], names["nb"])
    return str(KINDS.get(answer.kind_code, answer.kind_code.capitalize()))


def problem_with(number: str) -> str:
    """What is wrong with something that cannot be a number at all."""
    if not number:
        return gettext("Skriv inn kortnummeret")
    return gettext("Kortnummeret må ha åtte siffer, på eldre kort sju")
