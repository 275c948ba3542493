"""A card in words: its status, its values, its history, for the company that it belongs to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cards.models import LOSS_NAMES, REASON_NAMES, STATE_NAMES, Card
from cards.nationalities import nationality
from cards.states import BlockReason, CardState, Loss, Standing
from hmskort.audit.actor import ActorKind, Channel
from hmskort.audit.models import Event
from hmskort.audit.names import EVENTS
from hmskort.common import clock
from hmskort.common.templatetags.portal import dato, kortnummer, masked, orgnr
from registers.requirements import texts
from registers.requirements.findings import Finding

Text = str | Promise


@dataclass(frozen=True)
class Status:
    """A status tag. color: of the design system."""

    label: Text
    color: str


STATUSES: dict[Standing, Status] = {
    Standing.ORDERED: Status(_("Under produksjon"), "info"),
    Standing.VALID: Status(_("Gyldig"), "success"),
    Standing.REQUIREMENTS: Status(_("Ikke gyldig – krav mangler"), "danger"),
    Standing.EXPIRED: Status(_("Utløpt"), "neutral"),
    Standing.BLOCKED: Status(_("Sperret"), "neutral"),
    Standing.LOST: Status(_("Tapt"), "warning"),
    Standing.SEIZED: Status(_("Inndratt"), "warning"),
    Standing.SHREDDED: Status(_("Makulert"), "neutral"),
}
ACTORS: dict[str, Text] = {
    ActorKind.PERSON: pgettext_lazy("hvem som gjorde noe", "Virksomheten"),
    ActorKind.STAFF: pgettext_lazy("hvem som gjorde noe", "Saksbehandler"),
    ActorKind.STATION: pgettext_lazy("hvem som gjorde noe", "Kodestasjon"),
    ActorKind.SYSTEM: pgettext_lazy("hvem som gjorde noe", "HMS-kort"),
    ActorKind.ANONYMOUS: "",
}


CHANNELS: dict[str, Text] = {
    Channel.PORTAL: pgettext_lazy("hvor noe ble gjort", "i portalen"),
    Channel.API: pgettext_lazy("hvor noe ble gjort", "gjennom API"),
    Channel.LINK: pgettext_lazy("hvor noe ble gjort", "med personlig lenke"),
    Channel.STATION: pgettext_lazy("hvor noe ble gjort", "ved kodingen"),
    Channel.TASK: pgettext_lazy("hvor noe ble gjort", "automatisk"),
    Channel.COMMAND: pgettext_lazy("hvor noe ble gjort", "ved innlesing"),
}


COLORS = {"card:blocked": "danger", "card:lost": "warning", "card:produced": "success"}


@dataclass(frozen=True)
class Happened:
    """One event as the timeline shows it."""

    at: datetime
    title: str
    text: str
    who: str
    color: str


def status(card: Card) -> Status:
    """How the card stands today."""
    return STATUSES[card.standing]


def details(card: Card) -> list[dict[str, Text]]:
    """Names and values of the card and its holder; the identity number without its end."""
    person = card.person
    nations = ", ".join(str(nationality(code)) for code in person.citizenships)
    rows: list[tuple[Text, Text]] = [
        (_("Kortnummer"), kortnummer(card.number)),
        (_("Korttype"), card.kind.name),
        (_("Bestilt"), dato(card.ordered_on)),
        (_("Utstedt"), dato(card.issued_on)),
        (_("Sendt"), dato(card.dispatched_on)),
        (_("Siste gyldige dag"), dato(card.expires_on)),
        (_("Navn"), card.holder_name),
        (_("Fødselsnummer eller D-nummer"), masked(person.national_id)),
        (_("Kjønn"), card.get_sex_display()),
        (_("Statsborgerskap"), nations),
        (_("Virksomhet"), card.company_name),
        (_("Organisasjonsnummer"), orgnr(card.orgnr)),
    ]
    return [{"name": name, "value": value} for name, value in rows]


def again(card: Card) -> Text:
    """What ordering the holder's next card is called; empty while none may be ordered."""
    if not card.current:
        return ""
    match card.state:
        case CardState.LOST:
            return _("Bestill nytt kort")
        case CardState.BLOCKED if card.blocked_for == BlockReason.DAMAGED:
            return _("Bestill nytt kort")
        case CardState.ISSUED | CardState.PRODUCED if card.renewable_from <= clock.today():
            return _("Forny kortet")
        case _:
            return ""


def requirements(findings: Iterable[dict[str, object]]) -> list[texts.Explained]:
    """Each requirement with what the register last said and when."""
    return [texts.explain(finding) for finding in findings]


def explained(findings: Iterable[Finding]) -> list[texts.Explained]:
    """Each requirement in words."""
    return requirements(finding.as_json() for finding in findings)


def happened(event: Event) -> Happened:
    """The event in words."""
    who = [ACTORS.get(event.actor_kind, ""), CHANNELS.get(event.channel, "")]
    return Happened(
        at=event.at,
        title=str(EVENTS[event.name]),
        text=" ".join(part for part in (_change(event), _why(event)) if part),
        who=", ".join(str(part) for part in who if part),
        color=COLORS.get(event.name, ""),
    )


def _change(event: Event) -> str:
    """From what to what, where the event says both."""
    told = event.data
    if "before" not in told or "to" not in told:
        return ""
    words: Callable[[str], Text] = (
        (lambda standing: STATUSES[Standing(standing)].label)
        if event.name == "card:validity_changed"
        else (lambda state: STATE_NAMES[CardState(state)])
    )
    change = {"before": words(told["before"]), "after": words(told["to"])}
    if told["before"] == told["to"]:
        return gettext("Fortsatt «%(after)s», men dagene kravene er oppfylt, er endret.") % change
    return gettext("Fra «%(before)s» til «%(after)s».") % change


def _why(event: Event) -> str:
    told = event.data
    if event.name == "card:blocked":
        return str(REASON_NAMES[BlockReason(told["reason"])])
    if event.name == "card:lost":
        return str(LOSS_NAMES[Loss(told["how"])])
    if event.name == "card:validity_changed":
        return ", ".join(str(texts.TITLES[name]) for name in told["unmet"])
    return gettext("Overført fra den forrige utstederen.") if told.get("taken_over") else ""
