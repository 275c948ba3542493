"""How a person, and their work, is rightly registered."""

from django.utils.translation import gettext_lazy as _

from hmskort.pages.articles.parts import ARBEIDSTILSYNET, NAV, SKATTEETATEN, SUA, UDI, Article

ARTICLES = (
    Article(
        slug="folkeregisteret",
        title=_("Personen må stå i Folkeregisteret"),
        lead=_("Den som skal ha HMS-kort, må ha et fødselsnummer eller et D-nummer som er i bruk."),
        checks=_(
            "Vi spør om nummeret finnes og er i bruk, og om navn og fødselsdato er "
            "registrert. De står på kortet."
        ),
        steps=(
            _("Kontroller nummeret mot legitimasjonen til personen."),
            _(
                "Har personen fått nytt nummer, bruker du det nye. Kort og bestillinger "
                "følger personen."
            ),
            _("Er noe feil i Folkeregisteret, må personen be Skatteetaten rette det."),
            _("Velg «Sjekk på nytt» i bestillingen, eller vent: vi sjekker av oss selv."),
        ),
        wait=(
            _(
                "Vi ser endringen av oss selv, vanligvis innen et minutt etter at den står i "
                "registeret. Du trenger ikke å bestille på nytt."
            ),
        ),
        contacts=(SKATTEETATEN,),
        of_person=True,
        requirement="person_exists",
    ),
    Article(
        slug="d-nummer",
        title=_("Slik får du D-nummer"),
        lead=_(
            "D-nummer er for deg som skal arbeide i Norge uten å ha norsk fødselsnummer. "
            "Du må ha det før arbeidsgiveren kan bestille HMS-kort til deg."
        ),
        checks=_(
            "Nummeret har elleve siffer. Det første er mellom 4 og 7, fordi 4 er lagt til "
            "det første sifferet i fødselsdagen."
        ),
        steps=(
            _("Søk om skattekort hos Skatteetaten. Du får D-nummer samtidig."),
            _(
                "Møt opp til ID-kontroll hos Skatteetaten, eller hos et servicesenter for "
                "utenlandske arbeidstakere (SUA). Bestill time først."
            ),
            _(
                "Ta med pass eller nasjonalt ID-kort, og arbeidskontrakten eller tilbudet om "
                "arbeid."
            ),
            _("Gi nummeret til arbeidsgiveren, som melder arbeidsforholdet og bestiller kortet."),
        ),
        wait=(
            _(
                "Skatteetaten og SUA viser ventetiden når du bestiller time. Du får nummeret "
                "i et brev."
            ),
        ),
        contacts=(SKATTEETATEN, SUA),
        of_person=True,
        more=(
            (
                _("D-nummeret er inaktivt"),
                _(
                    "Et D-nummer blir inaktivt fem år etter at det ble gitt, og da er kortet ikke "
                    "gyldig. Møt opp hos Skatteetaten med legitimasjon for å få det aktivt igjen. "
                    "Kortet blir gyldig av seg selv."
                ),
            ),
            (
                _("Du har fått fødselsnummer"),
                _(
                    "Da er D-nummeret ikke lenger i bruk. Arbeidsgiveren bruker det nye nummeret, "
                    "og kortet du har, gjelder fortsatt."
                ),
            ),
        ),
    ),
    Article(
        slug="arbeidsforhold",
        title=_("Personen må være ansatt i virksomheten"),
        lead=_(
            "Kortet viser hvem du arbeider for. Derfor må arbeidsforholdet stå i "
            "Aa-registeret hos Nav, så lenge kortet er i bruk."
        ),
        checks=_(
            "Personen kan være ansatt i en hvilken som helst underenhet av virksomheten. "
            "Kortet kan bestilles inntil 30 dager før arbeidet begynner, og gjelder til "
            "og med den siste dagen."
        ),
        steps=(
            _(
                "Meld arbeidsforholdet i a-meldingen, i lønnssystemet eller i Altinn. Det må "
                "gjøres selv om dere betaler arbeidsgiveravgift."
            ),
            _(
                "Kontroller nummeret til personen, startdatoen, og at underenheten hører til "
                "virksomheten du bestiller for."
            ),
            _("Rett meldingen hvis Altinn sier at den er avvist."),
            _("Velg «Sjekk på nytt» i bestillingen, eller vent: vi sjekker av oss selv."),
        ),
        wait=(
            _(
                "Det tar vanligvis et døgn fra a-meldingen er sendt, til arbeidsforholdet "
                "står i registeret."
            ),
        ),
        contacts=(NAV,),
        of_person=True,
        requirement="employed",
        more=(
            (
                _("Flere arbeidsgivere"),
                _("Arbeider du for flere virksomheter, skal du ha et kort fra hver av dem."),
            ),
        ),
    ),
    Article(
        slug="eier-eller-leder",
        title=_("Du eier eller leder virksomheten"),
        lead=_(
            "Å ha en rolle i virksomheten er ikke det samme som å være ansatt. Tar du ut "
            "vanlig lønn, er du arbeidstaker, også i ditt eget aksjeselskap."
        ),
        checks=_(
            "Vi fant rollen din i Enhetsregisteret, men ikke noe arbeidsforhold i Aa-registeret."
        ),
        steps=(
            _("Tar du ut lønn: Meld arbeidsforholdet ditt i a-meldingen, som for andre ansatte."),
            _(
                "Er du innehaver av et enkeltpersonforetak, deltaker i DA eller ANS, eller "
                "styreleder: Kontroller at rollen er riktig i Enhetsregisteret. Da er du "
                "unntatt av seg selv."
            ),
            _(
                "Er du gift med innehaveren av et enkeltpersonforetak, eller tar du ikke ut "
                "lønn, kan du søke om unntak."
            ),
        ),
        wait=(
            _(
                "En rolle du har meldt i Altinn, gjelder når Brønnøysundregistrene har "
                "registrert den."
            ),
        ),
        contacts=(NAV, ARBEIDSTILSYNET),
        of_person=True,
        requirement="employed",
    ),
    Article(
        slug="utsendte-arbeidstakere",
        title=_("Utenlandske virksomheter melder oppdrag og arbeidstakere"),
        lead=_(
            "Ansatte i en utenlandsk virksomhet på oppdrag i Norge meldes til "
            "Skatteetaten på RF-1199, ikke til Aa-registeret."
        ),
        checks=_(
            "Vi spør Oppdrags- og arbeidsforholdsregisteret (OAR), som før het "
            "SFU-registeret. Kortet kan bestilles inntil 30 dager før oppdraget begynner, "
            "og gjelder så lenge det varer."
        ),
        steps=(
            _("Kontroller at arbeidstakeren har D-nummer eller fødselsnummer."),
            _(
                "Logg inn i Altinn, og send RF-1199 med oppdraget og hver arbeidstaker. "
                "Fristen er 14 dager etter at arbeidet begynte."
            ),
            _("Meld fra når datoene endres. Kortet følger den sluttdatoen som står der."),
            _("Velg «Sjekk på nytt» i bestillingen, eller vent: vi sjekker av oss selv."),
        ),
        wait=(
            _(
                "Kvitteringen i Altinn viser at meldingen er mottatt. Skatteetaten "
                "registrerer den etterpå."
            ),
        ),
        contacts=(SKATTEETATEN,),
        of_person=True,
        requirement="employed",
        form="NUF",
    ),
    Article(
        slug="rett-til-arbeid",
        title=_("Personen må ha lov til å arbeide i Norge"),
        lead=_(
            "Den som ikke er statsborger i Norden, EU eller EØS, må ha oppholdstillatelse "
            "som gir rett til å arbeide."
        ),
        checks=_(
            "Vi spør UDI bare om dem som trenger tillatelse. Kortet er gyldig så lenge "
            "tillatelsen er det."
        ),
        steps=(
            _(
                "Se på oppholdskortet eller vedtaket fra UDI: Gjelder tillatelsen i dag, og "
                "gir den rett til dette arbeidet?"
            ),
            _(
                "Går tillatelsen snart ut, søker personen om å fornye den på udi.no, gjerne "
                "tre måneder før."
            ),
            _("Har personen ingen tillatelse, må den være gitt før arbeidet begynner."),
            _("Velg «Sjekk på nytt» i bestillingen, eller vent: vi sjekker av oss selv."),
        ),
        wait=(
            _(
                "UDI viser ventetiden på udi.no. Personen kan også spørre et servicesenter "
                "for utenlandske arbeidstakere (SUA)."
            ),
        ),
        contacts=(UDI, SUA),
        of_person=True,
        requirement="may_work_in_norway",
        more=(
            (
                _("UDI svarer ikke klart"),
                _(
                    "Det er ikke et avslag. En saksbehandler ser på det, og du kan fortsette "
                    "bestillingen imens."
                ),
            ),
        ),
    ),
)
