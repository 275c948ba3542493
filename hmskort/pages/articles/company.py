"""How a company is rightly registered."""

from django.utils.translation import gettext_lazy as _

from hmskort.pages.articles.parts import ARBEIDSTILSYNET, BRREG, SKATTEETATEN, Article

ARTICLES = (
    Article(
        slug="enhetsregisteret",
        title=_("Virksomheten må stå i Enhetsregisteret"),
        lead=_(
            "Alle som driver næringsvirksomhet i Norge, skal ha organisasjonsnummer. Det "
            "gjelder også enkeltpersonforetak og utenlandske virksomheter."
        ),
        checks=_(
            "Vi spør om hovedenheten finnes, ikke er slettet og ikke er konkurs. Kortet "
            "viser hovedenhetens nummer, selv om personen arbeider i en underenhet."
        ),
        steps=(
            _(
                "Kontroller at du har valgt riktig virksomhet, og at organisasjonsnummeret er "
                "hovedenhetens."
            ),
            _(
                "Er virksomheten ikke registrert, logger du inn i Altinn og sender Samordnet "
                "registermelding."
            ),
            _("En utenlandsk virksomhet registreres som norskregistrert utenlandsk foretak (NUF)."),
            _(
                "Er virksomheten slettet eller meldt konkurs ved en feil, kontakter du "
                "Brønnøysundregistrene."
            ),
        ),
        wait=(
            _(
                "Brønnøysundregistrene svarer i Altinn, og viser hvor lang behandlingstiden "
                "er på nettstedet sitt."
            ),
            _(
                "Vi ser endringen av oss selv, vanligvis innen et minutt etter at den står i "
                "registeret. Du trenger ikke å bestille på nytt."
            ),
        ),
        contacts=(BRREG,),
        of_person=False,
        requirement="company_exists",
    ),
    Article(
        slug="merverdiavgift",
        title=_("Virksomheten må stå i Merverdiavgiftsregisteret"),
        lead=_(
            "Næringsdrivende som selger varer eller tjenester med merverdiavgift, skal "
            "være registrert. Noen virksomheter skal ikke det, og kan få unntak."
        ),
        checks=_("Vi leser i Enhetsregisteret om virksomheten er registrert for merverdiavgift."),
        steps=(
            _(
                "Har virksomheten solgt for mer enn 50 000 kroner i løpet av tolv måneder, "
                "skal den registreres."
            ),
            _("Søk om registrering i Altinn. Skatteetaten avgjør søknaden."),
            _(
                "Skal virksomheten ikke registreres, søker du om unntak. Se under hvem som "
                "kan få det."
            ),
            _("Velg «Sjekk på nytt» i bestillingen, eller vent: vi sjekker av oss selv."),
        ),
        wait=(
            _("Skatteetaten viser behandlingstiden på skatteetaten.no."),
            _(
                "Vi ser endringen av oss selv, vanligvis innen et minutt etter at den står i "
                "registeret. Du trenger ikke å bestille på nytt."
            ),
        ),
        contacts=(SKATTEETATEN,),
        of_person=False,
        requirement="vat_registered",
        more=(
            (
                _("Attest for skatt og merverdiavgift"),
                _(
                    "Du bestiller attesten (RF-1316) i Altinn. Den trengs når virksomheten tjener "
                    "under 50 000 kroner i året og er eldre enn seks måneder."
                ),
            ),
            (
                _("Oppdragsgiveren betaler merverdiavgiften"),
                _(
                    "En utenlandsk virksomhet legger ved kvitteringen for RF-1199 og en kopi av "
                    "avtalen med oppdragsgiveren. Avtalen må være på norsk eller engelsk."
                ),
            ),
        ),
    ),
    Article(
        slug="foretaksregisteret",
        title=_("Virksomheten må stå i Foretaksregisteret"),
        lead=_(
            "Aksjeselskaper og andre selskaper med plikt til det må stå i "
            "Foretaksregisteret, ikke bare i Enhetsregisteret."
        ),
        checks=_(
            "Kravet gjelder AS, ASA, ANS, DA, KS, NUF, SA og BA. Et enkeltpersonforetak "
            "uten slik plikt oppfyller kravet uten å stå der."
        ),
        steps=(
            _(
                "Logg inn i Altinn, og send Samordnet registermelding med kryss for "
                "Foretaksregisteret."
            ),
            _("Betal gebyret, og svar hvis Brønnøysundregistrene ber om mer."),
            _("Velg «Sjekk på nytt» i bestillingen, eller vent: vi sjekker av oss selv."),
        ),
        wait=(
            _(
                "Brønnøysundregistrene svarer i Altinn, og viser hvor lang behandlingstiden "
                "er på nettstedet sitt."
            ),
            _(
                "Vi ser endringen av oss selv, vanligvis innen et minutt etter at den står i "
                "registeret. Du trenger ikke å bestille på nytt."
            ),
        ),
        contacts=(BRREG,),
        of_person=False,
        requirement="in_foretaksregisteret",
    ),
    Article(
        slug="renholdsgodkjenning",
        title=_("Virksomheten må være godkjent for renhold"),
        lead=_(
            "Alle som helt eller delvis selger renhold i Norge, skal være godkjent av "
            "Arbeidstilsynet. Det gjelder også den som driver alene, og den som leier ut "
            "renholdere."
        ),
        checks=_(
            "Vi leser Renholdsregisteret. Det holder å være godkjent, eller å ha fått "
            "brev om at dere kan begynne å bestille HMS-kort. En søknad som er under "
            "behandling, er ikke nok."
        ),
        steps=(
            _(
                "Søk om godkjenning i Altinn. Har virksomheten ingen ansatte, søker du uten "
                "vedlegg."
            ),
            _("Vent på brevet fra Arbeidstilsynet om at dere skal begynne å bestille HMS-kort."),
            _(
                "Bestill kort til alle som gjør rent. I en virksomhet uten ansatte bestiller "
                "innehaveren eller deltakeren til seg selv."
            ),
            _(
                "Har virksomheten fått ansatte etter godkjenningen, melder du det til "
                "Arbeidstilsynet."
            ),
        ),
        wait=(
            _(
                "Arbeidstilsynet skriver når søknaden er behandlet. Registeret kommer som en "
                "ny fil hver dag, så det kan gå et døgn før vi ser endringen."
            ),
        ),
        contacts=(ARBEIDSTILSYNET,),
        of_person=False,
        requirement="cleaning_approved",
        more=(
            (
                _("Bare renhold hos dere selv"),
                _(
                    "Virksomheter som bare gjør rent hos seg selv, skal ikke søke om godkjenning, "
                    "og trenger ikke HMS-kort for renhold."
                ),
            ),
            (
                _("Kjøper du renhold?"),
                _(
                    "Det er forbudt å kjøpe renhold fra en virksomhet som ikke er godkjent. Søk "
                    "den opp i Renholdsregisteret hos Arbeidstilsynet først."
                ),
            ),
        ),
    ),
    Article(
        slug="bemanningsforetak",
        title=_("Bemanningsforetaket må være godkjent"),
        lead=_(
            "Virksomheter som har utleie av arbeidskraft som hovedformål, skal være "
            "godkjent av Arbeidstilsynet. Det er ikke nok å være registrert."
        ),
        checks=_(
            "Vi ser på virksomhetens hovednæring. Er den utleie av arbeidskraft (78.2), "
            "leser vi Bemanningsforetaksregisteret. Andre virksomheter blir ikke spurt."
        ),
        steps=(
            _("Søk om godkjenning som bemanningsforetak hos Arbeidstilsynet."),
            _("Vent på vedtaket. En søknad som er under behandling, er ikke nok."),
            _(
                "Er utleie ikke hovedformålet, retter du næringskoden med Samordnet "
                "registermelding i Altinn."
            ),
        ),
        wait=(
            _(
                "Mister virksomheten godkjenningen, blir alle kortene ugyldige med en gang. "
                "De blir gyldige igjen av seg selv når den er godkjent på nytt."
            ),
        ),
        contacts=(ARBEIDSTILSYNET, BRREG),
        of_person=False,
        requirement="staffing_approved",
    ),
)
