"""The words a person reads about a requirement: what it is, how it stands, what to do."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from registers.requirements.articles import article_of
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
    "oar": _("Oppdrags- og arbeidsforholdsregisteret (OAR)"),
    "udi": _("UDI"),
    "unntak": _("Innvilget unntak"),
    "saksbehandler": _("Saksbehandler"),
}

WAITING = _("Vi spør registeret. Det tar vanligvis noen sekunder.")
SILENT = _(
    "Registeret svarer ikke nå. Det er ikke et avslag: vi spør igjen av oss selv, "
    "og du kan fortsette bestillingen."
)

REASONS: dict[str, Text] = {
    "waiting": WAITING,
    "silent": SILENT,
    "company_in_order": _("%(name)s er registrert og ikke slettet."),
    "company_not_found": _("Organisasjonsnummeret finnes ikke i Enhetsregisteret."),
    "company_deleted": _("%(name)s ble slettet %(on)s."),
    "company_bankrupt": _("%(name)s er under konkursbehandling."),
    "vat_registered": _("%(name)s er registrert for merverdiavgift."),
    "not_vat_registered": _("%(name)s er ikke registrert for merverdiavgift."),
    "in_foretaksregisteret": _("%(name)s er registrert i Foretaksregisteret."),
    "no_duty_foretaksregisteret": _("%(name)s har ikke plikt til å være registrert her."),
    "not_in_foretaksregisteret": _("%(name)s er ikke registrert i Foretaksregisteret."),
    "cleaning_approved_with_employees": _("Virksomheten er godkjent i Renholdsregisteret."),
    "cleaning_approved_without_employees": _("Virksomheten er godkjent uten ansatte."),
    "cleaning_ordering_cards": _(
        "Arbeidstilsynet har bedt virksomheten bestille HMS-kort før den blir godkjent."
    ),
    "cleaning_under_consideration": _("Søknaden om godkjenning er under behandling."),
    "cleaning_not_approved": _("Virksomheten er ikke godkjent i Renholdsregisteret."),
    "cleaning_not_in_register": _("Virksomheten står ikke i Renholdsregisteret."),
    "cleaning_only_owner": _(
        "Virksomheten er godkjent uten ansatte. Da kan bare innehaver eller deltaker få kort."
    ),
    "cleaning_status_unknown": _(
        "Renholdsregisteret har en status vi ikke kjenner. Det er ikke et avslag: "
        "en saksbehandler ser på det."
    ),
    "staffing_approved": _("Bemanningsforetaket er godkjent."),
    "staffing_under_consideration": _("Søknaden om godkjenning er under behandling."),
    "staffing_not_approved": _("Bemanningsforetaket er ikke godkjent."),
    "staffing_not_in_register": _("Virksomheten står ikke i Bemanningsforetaksregisteret."),
    "staffing_status_unknown": _(
        "Bemanningsforetaksregisteret har en status vi ikke kjenner. Det er ikke et avslag: "
        "en saksbehandler ser på det."
    ),
    "not_a_staffing_company": _("Virksomheten har ikke utleie av arbeidskraft som hovedformål."),
    "person_in_order": _("Personen er registrert, og nummeret er i bruk."),
    "person_incomplete": _(
        "Folkeregisteret mangler navn eller fødselsdato, som står på kortet. Vi spør igjen."
    ),
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
    "employed_in_another_unit": _(
        "Personen er ansatt i en annen underenhet enn den kortet gjelder."
    ),
    "not_employed_with_role": _(
        "Personen har en rolle i virksomheten, men vi fant ikke noe arbeidsforhold."
    ),
    "posted": _("Personen er meldt som utsendt av virksomheten."),
    "posted_soon": _("Oppdraget i Norge begynner %(on)s."),
    "posted_too_late": _(
        "Oppdraget i Norge begynner %(on)s. Du kan bestille tidligst 30 dager før, fra %(from)s."
    ),
    "posted_ended": _("Oppdraget i Norge ble avsluttet %(on)s."),
    "not_reported": _(
        "Personen står verken i Aa-registeret eller i Oppdrags- og arbeidsforholdsregisteret."
    ),
    "may_work": _("Personen har lov til å arbeide i Norge."),
    "may_work_until": _("Personen har lov til å arbeide i Norge til og med %(on)s."),
    "may_not_work": _("UDI opplyser at personen ikke har lov til å arbeide i Norge."),
    "permit_not_found": _("UDI har ingen tillatelse registrert for personen."),
    "permit_not_begun": _("Tillatelsen til å arbeide gjelder først fra %(on)s."),
    "permit_ended": _("Tillatelsen til å arbeide gikk ut %(on)s."),
    "unclear": _(
        "UDI svarer ikke klart ja eller nei. Det er ikke et avslag: en saksbehandler ser på det."
    ),
    "citizen_of_eea": _("Statsborgere i EØS og Norden trenger ikke oppholdstillatelse."),
}

# What an exemption says of itself; `exemption` is its kind's name in the reader's language.
REASONS |= {
    "exemption_proven": _("Unntatt: %(exemption)s. Registrene viser det, så du trenger ikke søke."),
    "exemption_granted": _("Unntatt til %(until)s: %(exemption)s."),
    "overridden": _("To saksbehandlere har vurdert avslaget som feil. Unntatt til %(until)s."),
    "assessed_yes": _(
        "Registeret svarer ikke klart. To saksbehandlere har vurdert at kravet er oppfylt, "
        "til %(until)s."
    ),
    "assessed_no": _(
        "Registeret svarer ikke klart. En saksbehandler har vurdert at kravet ikke er oppfylt. "
        "Vurderingen gjelder til %(until)s, eller til registeret svarer klart."
    ),
}

REPORT_EMPLOYMENT = (
    _("Meld arbeidsforholdet i a-meldingen, i lønnssystemet eller i Altinn."),
    _("Vent til Nav har behandlet meldingen. Det tar vanligvis et døgn."),
    _("Velg «Sjekk på nytt»."),
)
ASK_FOR_CLEANING = (
    _("Søk om godkjenning hos Arbeidstilsynet."),
    _("Bestill kort når Arbeidstilsynet skriver at dere skal gjøre det."),
    _("Virksomheter som bare gjør rent hos seg selv, trenger ikke godkjenning eller renholdskort."),
)
ASK_FOR_STAFFING = (
    _("Søk om godkjenning som bemanningsforetak hos Arbeidstilsynet."),
    _("Er utleie ikke hovedformålet, retter du næringskoden i Samordnet registermelding."),
)
REPORT_ASSIGNMENT = (
    _("Meld oppdraget og arbeidstakeren på RF-1199 i Altinn. Fristen er 14 dager."),
    _("Velg «Sjekk på nytt» når det er gjort."),
)
ASK_UDI = (
    _("Be personen kontakte UDI eller Servicesenteret for utenlandske arbeidstakere (SUA)."),
    _("Velg «Sjekk på nytt» når tillatelsen er gitt."),
)
STEPS: dict[str, tuple[Text, ...]] = {
    "cleaning_under_consideration": (
        _("Vent til Arbeidstilsynet skriver at dere skal bestille HMS-kort."),
        _("Velg «Sjekk på nytt» når brevet er kommet."),
    ),
    "cleaning_not_approved": ASK_FOR_CLEANING,
    "cleaning_not_in_register": ASK_FOR_CLEANING,
    "cleaning_only_owner": (
        _("Meld til Arbeidstilsynet at virksomheten har fått ansatte."),
        _("Bestill kort til den ansatte når godkjenningen er endret."),
    ),
    "staffing_under_consideration": (_("Vent til Arbeidstilsynet har behandlet søknaden."),),
    "staffing_not_approved": ASK_FOR_STAFFING,
    "staffing_not_in_register": ASK_FOR_STAFFING,
    "employed_in_another_unit": (
        _("Bestill nytt kort for underenheten der personen er ansatt nå."),
        _("Er arbeidsstedet feil, retter du det i a-meldingen og velger «Sjekk på nytt»."),
    ),
    "not_employed_with_role": (
        _("Tar personen ut lønn, meldes arbeidsforholdet i a-meldingen som for andre ansatte."),
        _("Tar personen ikke ut lønn, kan du søke om unntak."),
        _("Velg «Sjekk på nytt»."),
    ),
    "posted_too_late": (_("Kom tilbake fra %(from)s, eller rett startdatoen i RF-1199."),),
    "posted_ended": REPORT_ASSIGNMENT,
    "not_reported": REPORT_ASSIGNMENT,
    "may_not_work": ASK_UDI,
    "permit_not_found": ASK_UDI,
    "permit_ended": ASK_UDI,
    "permit_not_begun": (_("Bestill kortet når tillatelsen gjelder, fra %(on)s."),),
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
    "assessed_no": (
        _("Få opplysningen rettet hos registeret. Da vurderes kravet på nytt av seg selv."),
        _("Har du nye opplysninger, velger du «Dette er feil»."),
    ),
    "not_employed": REPORT_EMPLOYMENT,
}
LINKS: dict[str, str] = {
    "enhetsregisteret": "https://www.brreg.no/",
    "folkeregisteret": "https://www.skatteetaten.no/person/folkeregister/",
    "aaregisteret": "https://www.nav.no/aa-registeret",
    "renholdsregisteret": "https://www.arbeidstilsynet.no/godkjenninger/godkjenning-av-renholdsvirksomhet/",
    "bemanningsforetaksregisteret": "https://www.arbeidstilsynet.no/godkjenninger/godkjenning-av-bemanningsforetak/",
    "oar": "https://www.skatteetaten.no/bedrift-og-organisasjon/starte-og-drive/utenlandsk/oppdrag/",
    "udi": "https://www.udi.no/skal-soke/arbeidsinnvandring/",
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
    link: str  # to the register's own page
    article: str  # our help article, by its place in the address
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
        article=article_of(str(finding["requirement"]), reason, source),
        answered_at=datetime.fromisoformat(at) if isinstance(at, str) else None,
    )


def _shown(value: str) -> str:
    """Dates as Norwegians write them; everything else as it is."""
    try:
        return date.fromisoformat(value).strftime("%d.%m.%Y")
    except ValueError:
        return value
