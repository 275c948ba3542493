"""UDI's answer, as assumed in `client`, into the right to work."""

from datetime import timedelta

from hmskort.common import clock
from hmskort.common.services import Unreadable
from registers.reading import Reader
from registers.udi.answers import Access, Kind, RightToWork

SERVICE = "udi"
OF_TODAY = timedelta(days=1)
ACCESS = {"Ja": Access.YES, "Nei": Access.NO, "Uavklart": Access.UNCLEAR}
KINDS = {
    "Generell": Kind.GENERAL,
    "BestemtArbeidsgiverEllerOppdragsgiver": Kind.ONE_EMPLOYER,
    "BestemtArbeidEllerOppdrag": Kind.ONE_KIND_OF_WORK,
    "BestemtArbeidsgiverOgArbeidEllerBestemtOppdragsgiverOgOppdrag": Kind.EMPLOYER_AND_WORK,
    "Uavklart": Kind.UNCLEAR,
}


def right_to_work(body: object, asked_national_id: str) -> RightToWork:
    """The right to work of the person who was asked about.

    A yes must say what it is bound to, a no nothing; a period must not end before it begins; and
    the answer is of today.
    """
    answer = Reader(SERVICE, body)
    if answer.text("foresporselsfodselsnummer") != asked_national_id:
        raise Unreadable(SERVICE, "the answer is about another person")
    if abs(answer.moment("uttrekkstidspunkt") - clock.now()) > OF_TODAY:
        raise answer.misfit("uttrekkstidspunkt", "is not of today")
    told = answer.object("arbeidsadgang")
    access = told.one_of("harArbeidsadgang", ACCESS)
    kind = _kind(told, access)
    period = told.object("arbeidsadgangsPeriode") if told.has("arbeidsadgangsPeriode") else None
    starts_on = period.date("fra", None) if period else None
    ends_on = period.date("til", None) if period else None
    if period and starts_on and ends_on and ends_on < starts_on:
        raise period.misfit("til", "is before fra")
    return RightToWork(access, kind, starts_on, ends_on)


def _kind(told: Reader, access: Access) -> Kind:
    if access == Access.NO and told.has("typeArbeidsadgang"):
        raise told.misfit("typeArbeidsadgang", "is told of a no")
    if access == Access.YES or told.has("typeArbeidsadgang"):
        return told.one_of("typeArbeidsadgang", KINDS)
    return Kind.UNCLEAR
