"""The words a person reads about a requirement: what it is, how it stands, what to do."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from registers.requirements.findings import Found

Text = str | Promise

TITLES: dict[str, Text] = {
    "company_exists": _("Enhetsregisteret"),
    "vat_registered": _("Merverdiavgiftsregisteret"),
    "in_foretaksregisteret": _("Foretaksregisteret"),
    "staffing_approved": _("Godkjenning av bemanningsforetak"),
    "cleaning_approved": _("Godkjenning av renholdsvirksomhet"),
    "person_exists": _("Folkeregisteret"),
    "employed": _("Aa-registeret (Nav)"),
    "may_work_in_norway": _("Rett til å arbeide i Norge"),
}

SOURCES: dict[str, Text] = {
    "enhetsregisteret": _("Enhetsregisteret"),
    "folkeregisteret": _("Folkeregisteret"),
    "aaregisteret": _("Aa-registeret"),
    "renholdsregisteret": _("Renholdsregisteret"),
    "bemanningsforetaksregisteret": _("Bemanningsforetaksregisteret"),
    "udi": _("UDI"),
    "unntak": _("Innvilget unntak"),
}

WAITING = _("Vi spør registeret. Det tar vanligvis noen sekunder.")
SILENT = _(
    "Registeret svarer ikke nå. Det er ikke et avslag: vi spør igjen av oss selv, "
    "og du kan fortsette bestillingen."
)

REASONS: dict[str, Text] = {
    "waiting": WAITING,
    "silent": SILENT,
    "not_connected": _(
        "Vi får ikke spurt dette registeret ennå. Det er ikke et avslag: "
        "kortet lages når registeret har svart."
    ),
    "company_in_order": _("%(name)s er registrert og ikke slettet."),
    "company_not_found": _("Organisasjonsnummeret finnes ikke i Enhetsregisteret."),
    "company_deleted": _("%(name)s ble slettet %(on)s."),
    "company_bankrupt": _("%(name)s er under konkursbehandling."),
    "vat_registered": _("%(name)s er registrert for merverdiavgift."),
    "not_vat_registered": _("%(name)s er ikke registrert for merverdiavgift."),
    "in_foretaksregisteret": _("%(name)s er registrert i Foretaksregisteret."),
    "no_duty_foretaksregisteret": _("%(name)s har ikke plikt til å være registrert her."),
    "not_in_foretaksregisteret": _("%(name)s er ikke registrert i Foretaksregisteret."),
    "not_a_staffing_company": _("Virksomheten har ikke utleie av arbeidskraft som hovedformål."),
    "person_in_order": _("Personen er registrert, og nummeret er i bruk."),
    "person_not_found": _("Nummeret finnes ikke i Folkeregisteret."),
    "dead": _("Personen er registrert som død."),
    "number_ended": _("Nummeret er ikke lenger i bruk."),
    "d_number_inactive": _("D-nummeret er inaktivt. Det skjer fem år etter at det ble gitt."),
    "employed": _("Personen er ansatt i virksomheten."),
    "employed_soon": _("Arbeidsforholdet begynner %(on)s."),
    "starts_too_late": _(
        "Arbeidsforholdet begynner %(on)s. Du kan bestille tidligst 30 dager før, fra %(from)s."
    ),
    "employment_ended": _("Arbeidsforholdet ble avsluttet %(on)s."),
    "not_employed": _("Vi fant ikke noe arbeidsforhold mellom personen og virksomheten."),
    "citizen_of_eea": _("Statsborgere i EØS og Norden trenger ikke oppholdstillatelse."),
}

# What an exemption says of itself; `exemption` is its kind's name in the reader's language.
REASONS |= {
    "exemption_proven": _("Unntatt: %(exemption)s. Registrene viser det, så du trenger ikke søke."),
    "exemption_granted": _("Unntatt til %(until)s: %(exemption)s."),
    "overridden": _("To saksbehandlere har vurdert avslaget som feil. Unntatt til %(until)s."),
}

REPORT_EMPLOYMENT = (
    _("Meld arbeidsforholdet i a-meldingen, i lønnssystemet eller i Altinn."),
    _("Vent til Nav har behandlet meldingen. Det tar vanligvis et døgn."),
    _("Velg «Sjekk på nytt»."),
)
STEPS: dict[str, tuple[Text, ...]] = {
    "company_not_found": (
        _("Kontroller organisasjonsnummeret, eller registrer virksomheten i Altinn."),
    ),
    "company_deleted": (
        _("Registrer virksomheten på nytt i Altinn hvis den fortsatt er i drift."),
    ),
    "company_bankrupt": (_("Bostyrer må kontakte Brønnøysundregistrene hvis dette er feil."),),
    "not_vat_registered": (
        _("Registrer virksomheten i Merverdiavgiftsregisteret hos Skatteetaten."),
        _("Er virksomheten unntatt fra merverdiavgift, kan du søke om unntak hos Arbeidstilsynet."),
        _("Velg «Sjekk på nytt» når registreringen er godkjent."),
    ),
    "not_in_foretaksregisteret": (
        _("Registrer virksomheten i Foretaksregisteret med Samordnet registermelding i Altinn."),
        _("Velg «Sjekk på nytt»."),
    ),
    "person_not_found": (
        _("Kontroller nummeret mot legitimasjonen."),
        _("Har personen ikke fått nummer ennå, bestilles D-nummer hos Skatteetaten."),
    ),
    "dead": (_("Er dette feil, må Folkeregisteret hos Skatteetaten rette det."),),
    "number_ended": (_("Bruk nummeret som personen har nå."),),
    "d_number_inactive": (
        _("Personen må møte hos Skatteetaten med legitimasjon for å få D-nummeret aktivt igjen."),
        _("Velg «Sjekk på nytt» når det er gjort."),
    ),
    "starts_too_late": (_("Kom tilbake fra %(from)s, eller rett startdatoen i a-meldingen."),),
    "employment_ended": REPORT_EMPLOYMENT,
    "not_employed": REPORT_EMPLOYMENT,
}
LINKS: dict[str, str] = {
    "enhetsregisteret": "https://www.brreg.no/",
    "folkeregisteret": "https://www.skatteetaten.no/person/folkeregister/",
    "aaregisteret": "https://www.nav.no/aa-registeret",
}
LABELS: dict[Found, Text] = {
    Found.MET: _("I orden"),
    Found.NOT_MET: _("Må rettes"),
    Found.UNKNOWN: _("Venter på svar"),
    Found.EXEMPT: _("Unntatt"),
}


@dataclass(frozen=True)
class Explained:
    """A requirement as it is shown: all texts in the reader's language."""

    requirement: str
    title: str
    source: str
    found: str  # met, not_met, unknown, exempt
    asking: bool  # the first answer is on its way
    label: str
    text: str
    steps: tuple[str, ...]
    link: str
    answered_at: datetime | None


def explain(finding: dict[str, object]) -> Explained:
    """The stored finding (`Finding.as_json`) in words."""
    reason = str(finding["reason"])
    found = Found(str(finding["found"]))
    source = str(finding["source"])
    told = {name: _shown(value) for name, value in dict(finding["told"]).items()}  # type: ignore[call-overload]
    told["exemption"] = told.get(f"kind_{(get_language() or 'nb')[:2]}", told.get("kind_nb", ""))
    at = finding["answered_at"]
    return Explained(
        requirement=str(finding["requirement"]),
        title=str(TITLES[str(finding["requirement"])]),
        source=str(SOURCES[source]),
        found=str(found),
        asking=reason == "waiting",
        label=now_in("Sjekker …") if reason == "waiting" else str(LABELS[found]),
        text=str(REASONS[reason]) % told,
        steps=tuple(str(step) % told for step in STEPS.get(reason, ())),
        link=LINKS.get(source, ""),
        answered_at=datetime.fromisoformat(at) if isinstance(at, str) else None,
    )


def _shown(value: str) -> str:
    """Dates as Norwegians write them; everything else as it is."""
    try:
        return date.fromisoformat(value).strftime("%d.%m.%Y")
    except ValueError:
        return value
