"""Who needs an HSE card: questions, one at a time, and what the answers come to.

Plain data. Nothing is stored: the answers stand in the address. Sources: FOR-2007-03-30-366 §§ 2
and 4 (construction), FOR-2012-05-08-408 §§ 3, 5, 6 and 9 (cleaning), seed 001 § 3.3, and
Arbeidstilsynet's pages on who is exempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
BYGG, RENHOLD = "FOR-2007-03-30-366", "FOR-2012-05-08-408"


class Need(StrEnum):
    """What the answers come to."""

    YES = "yes"
    NO = "no"
    OTHER = "other"  # a card, but not one that is ordered here


@dataclass(frozen=True)
class Outcome:
    """The answer. links: the name of a page in `hmskort.pages.urls` or another room, and its text.

    source: the law.
    """

    need: Need
    title: Text
    text: Text
    steps: tuple[Text, ...] = ()
    links: tuple[tuple[str, Text], ...] = ()
    source: str = BYGG


@dataclass(frozen=True)
class Choice:
    """An answer to a question, and the question or the outcome that it leads to."""

    value: str
    label: Text
    leads_to: str


@dataclass(frozen=True)
class Question:
    """One question. key: its name in the address."""

    key: str
    text: Text
    choices: tuple[Choice, ...]
    hint: Text = ""

    def chosen(self, value: str) -> Choice | None:
        return next((each for each in self.choices if each.value == value), None)


@dataclass(frozen=True)
class Way:
    """How far the answers lead: what was answered, and the next question or the outcome."""

    answered: tuple[tuple[Question, Choice], ...]
    question: Question | None
    outcome: Outcome | None


FIRST = "arbeid"
QUESTIONS = {
    question.key: question
    for question in (
        Question(
            "arbeid",
            _("Hva slags arbeid gjør dere?"),
            (
                Choice("bygg", _("Bygging, montering, riving, oppussing eller anlegg"), "sted"),
                Choice("renhold", _("Renhold"), "hos"),
                Choice("utleie", _("Vi leier ut folk til andre"), "utleid"),
                Choice("bilpleie", _("Bilpleie, hjulskift eller hjullagring"), "another_card"),
                Choice("varer", _("Varetransport for andre med små biler"), "another_card"),
                Choice("annet", _("Noe annet"), "other_work"),
            ),
            _("Gjør dere flere ting, velger du én om gangen."),
        ),
        Question(
            "sted",
            _("Hvor gjør dere arbeidet?"),
            (
                Choice("plass", _("På bygge- eller anleggsplasser, eller hjemme hos folk"),
                       "drift"),
                Choice("fast", _("Bare i egne, faste lokaler, som verksted, verft eller fabrikk"),
                       "fixed_premises"),
                Choice("vedlikehold", _("Bare vedlikehold i industri, utenfor byggeplasser"),
                       "fixed_premises"),
                Choice("sno", _("Bare snørydding, utenfor byggeplasser"), "fixed_premises"),
                Choice("praksis",
                       _("Bare elever i praksis, tiltak fra Nav eller introduksjonsprogram"),
                       "in_training"),
            ),
        ),
        Question(
            "drift",
            _("Hvem gjør arbeidet?"),
            (
                Choice("ansatte", _("Ansatte eller innleide"), "construction"),
                Choice("alene", _("Bare jeg, i enkeltpersonforetak"), "construction_alone"),
                Choice("utenlandsk", _("Folk fra en utenlandsk virksomhet"),
                       "construction_foreign"),
            ),
        ),
        Question(
            "hos",
            _("Hvem gjør dere rent hos?"),
            (
                Choice("egne", _("Bare hos oss selv, med egne ansatte"), "own_premises"),
                Choice("andre", _("Hos andre, mot betaling"), "renholdere"),
            ),
        ),
        Question(
            "renholdere",
            _("Hvem gjør rent?"),
            (
                Choice("ansatte", _("Ansatte eller innleide"), "cleaning"),
                Choice("alene", _("Bare jeg, i enkeltpersonforetak"), "cleaning_alone"),
            ),
        ),
        Question(
            "utleid",
            _("Hva gjør de som dere leier ut?"),
            (
                Choice("bygg", _("Arbeid på bygge- og anleggsplasser"), "staffing_construction"),
                Choice("renhold", _("Renhold"), "staffing_cleaning"),
                Choice("annet", _("Noe annet"), "other_work"),
            ),
        ),
    )
}  # fmt: skip

_ORDER = ("orders:start", _("Bestill HMS-kort"))
_REQUIREMENTS = ("pages:requirements", _("Kravene i registrene"))
_CLEANING = ("pages:cleaning", _("Er virksomheten godkjent for renhold?"))
_WHO = ("pages:who", _("Hvem må ha HMS-kort?"))

OUTCOMES = {
    "construction": Outcome(
        Need.YES,
        _("Ja, alle som gjør arbeidet, trenger HMS-kort"),
        _("Alle som arbeider på bygge- og anleggsplasser, skal ha HMS-kort fra arbeidsgiveren sin. "
          "Innleide får kortet fra virksomheten som leier dem ut."),
        (_("Virksomheten må være registrert i Enhetsregisteret og ha de ansatte i Aa-registeret."),
         _("Bestill et kort til hver av de ansatte.")),
        (_ORDER, _REQUIREMENTS),
    ),
    "construction_alone": Outcome(
        Need.YES,
        _("Ja, du trenger HMS-kort"),
        _("Den som driver alene, skal ha HMS-kort på bygge- og anleggsplasser, og bestiller til "
          "seg selv."),
        (_("Enkeltpersonforetaket må være registrert i Enhetsregisteret."),),
        (_ORDER, _REQUIREMENTS),
    ),
    "construction_foreign": Outcome(
        Need.YES,
        _("Ja, alle som gjør arbeidet, trenger HMS-kort"),
        _("Kravet gjelder også utenlandske virksomheter som arbeider i Norge."),
        (_("Virksomheten registreres som norskregistrert utenlandsk foretak (NUF)."),
         _("Hver person må ha D-nummer eller fødselsnummer, og være meldt til Skatteetaten.")),
        (_ORDER, _REQUIREMENTS),
    ),
    "fixed_premises": Outcome(
        Need.NO,
        _("Dere trenger ikke HMS-kort"),
        _("Arbeid i faste lokaler, vedlikehold i industri og snørydding er ikke arbeid på bygge- "
          "og anleggsplass. Gjør dere også arbeid på en slik plass, trenger dere kort der."),
        (),
        (_WHO,),
    ),
    "in_training": Outcome(
        Need.NO,
        _("Dere trenger ikke HMS-kort"),
        _("Elever i praksis, deltakere i tiltak fra Nav og i introduksjonsprogram har med seg en "
          "bekreftelse fra skolen, Nav eller kommunen i stedet."),
        (_("Ta med bekreftelsen og legitimasjon på jobb."),),
        (_WHO,),
    ),
    "own_premises": Outcome(
        Need.NO,
        _("Dere trenger ikke HMS-kort eller godkjenning"),
        _("Virksomheter som bare gjør rent hos seg selv med egne ansatte, tilbyr ikke renhold. De "
          "skal ikke søke om godkjenning, og renholderne trenger ikke HMS-kort."),
        (_("Tar dere på dere renhold hos andre, må dere søke om godkjenning først."),
         _("Kjøper dere renhold av andre, må virksomheten dere kjøper av, være godkjent.")),
        (_CLEANING, _WHO),
        RENHOLD,
    ),
    "cleaning": Outcome(
        Need.YES,
        _("Ja, alle renholderne trenger HMS-kort, og dere må være godkjent"),
        _("Virksomheter som tilbyr renhold, skal være godkjent av Arbeidstilsynet, og alle som "
          "gjør rent, skal ha HMS-kort for renhold. Kortet gjelder også på byggeplasser."),
        (_("Søk om godkjenning hos Arbeidstilsynet."),
         _("Vent på brevet om at dere kan begynne å bestille HMS-kort."),
         _("Bestill et kort til hver renholder. Dere blir godkjent når alle har kort.")),
        (_CLEANING, _ORDER, _REQUIREMENTS),
        RENHOLD,
    ),
    "cleaning_alone": Outcome(
        Need.YES,
        _("Ja, du trenger HMS-kort, og du må være godkjent"),
        _("Den som tilbyr renhold alene, skal være godkjent uten ansatte, og bestiller HMS-kort "
          "for renhold til seg selv."),
        (_("Søk om godkjenning hos Arbeidstilsynet."), _("Bestill kortet når du er godkjent.")),
        (_CLEANING, _ORDER, _REQUIREMENTS),
        RENHOLD,
    ),
    "staffing_construction": Outcome(
        Need.YES,
        _("Ja, alle dere leier ut, trenger HMS-kort fra dere"),
        _("Bemanningsforetaket er arbeidsgiver og bestiller kortene. Et foretak som har utleie av "
          "arbeidskraft som hovedformål, må også være godkjent som bemanningsforetak."),
        (_("Søk om godkjenning som bemanningsforetak hos Arbeidstilsynet."),
         _("Bestill et kort til hver av dem som skal på byggeplass.")),
        (_ORDER, _REQUIREMENTS),
    ),
    "staffing_cleaning": Outcome(
        Need.YES,
        _("Ja, alle dere leier ut, trenger HMS-kort fra dere"),
        _("De som leier ut folk til renhold, skal være godkjent for renhold på samme måte som "
          "andre renholdsvirksomheter, og som bemanningsforetak når utleie er hovedformålet."),
        (_("Søk om godkjenning hos Arbeidstilsynet."),
         _("Bestill et kort for renhold til hver av dem.")),
        (_CLEANING, _ORDER, _REQUIREMENTS),
        RENHOLD,
    ),
    "another_card": Outcome(
        Need.OTHER,
        _("Ja, men kortet bestilles et annet sted"),
        _("Også bilpleie, hjulskift og hjullagring, og varetransport med små biler, har krav om "
          "HMS-kort. De kortene bestilles ikke her. Arbeidstilsynet sier hvor."),
        (),
        (_WHO,),
        "",
    ),
    "other_work": Outcome(
        Need.NO,
        _("Dere trenger ikke HMS-kort"),
        _("Kravet gjelder arbeid på bygge- og anleggsplasser og renhold for andre. Er dere i tvil "
          "om hva arbeidet regnes som, spør Arbeidstilsynet."),
        (),
        (_WHO,),
    ),
}  # fmt: skip


def way(answers: Mapping[str, str]) -> Way:
    """As far as the answers lead, from the first question on. What is no answer is left out."""
    answered: list[tuple[Question, Choice]] = []
    place = FIRST
    while place in QUESTIONS:
        question = QUESTIONS[place]
        choice = question.chosen(answers.get(question.key, ""))
        if choice is None:
            return Way(tuple(answered), question, None)
        answered.append((question, choice))
        place = choice.leads_to
    return Way(tuple(answered), None, OUTCOMES[place])
