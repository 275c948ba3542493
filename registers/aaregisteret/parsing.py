"""Aa-registeret's GraphQL answers into employments. Errors come with status 200."""

from hmskort.common.services import Refused, ServiceError, Unavailable, Unreadable
from registers import orgnr as numbers
from registers.aaregisteret.answers import Employment
from registers.reading import Reader

SERVICE = "aaregisteret"
KINDS = (
    "ordinaertArbeidsforhold",
    "maritimtArbeidsforhold",
    "frilanserOppdragstakerHonorarPersonerMm",
    "forenkletOppgjoersordning",
)
INTERNAL = "AA-000"
OUR_QUESTION = ("AA-001", "AA-002", "AA-2")  # bad, incomplete or missing variables


def employments(body: object) -> tuple[Employment, ...]:
    """The employments of an answer with organisations; private households are left out.

    Raises what an `errors` list means, even when there is data beside it.
    """
    answer = Reader(SERVICE, body)
    if answer.has("errors"):
        raise _meaning(answer.objects("errors"))
    found = answer.object("data").object("finnArbeidsforhold")
    if not found.has("arbeidsforhold"):
        raise found.misfit("arbeidsforhold", "is missing")
    rows = [_employment(each) for each in found.objects("arbeidsforhold") if _in_company(each)]
    if len({row.register_id for row in rows}) < len(rows):
        raise Unreadable(SERVICE, "an employment is told of twice")
    return tuple(rows)


def _in_company(row: Reader) -> bool:
    """A household as employer has an identity number where a company has its orgnr."""
    meanings = {"Hovedenhet": True, "Person": False}
    return row.object("opplysningspliktig").one_of("type", meanings)


def _employment(row: Reader) -> Employment:
    period = row.object("ansettelsesperiode")
    found = Employment(
        register_id=row.text("id"),
        national_id=row.object("arbeidstaker").text("ident"),
        orgnr=row.object("arbeidssted").text("ident"),
        main_orgnr=row.object("opplysningspliktig").text("ident"),
        kind=row.object("type").one_of("kode", {kind: kind for kind in KINDS}),
        starts_on=period.date("startdato"),
        ends_on=period.date("sluttdato", None),
    )
    if found.ends_on and found.ends_on < found.starts_on:
        raise period.misfit("sluttdato", "is before startdato")
    if not (numbers.is_valid(found.orgnr) and numbers.is_valid(found.main_orgnr)):
        raise row.misfit("arbeidssted or opplysningspliktig", "is no company's number")
    return found


def _meaning(errors: list[Reader]) -> ServiceError:
    """The register's own trouble passes; trouble with our question stays until it is mended."""
    codes = [_code(error) for error in errors]
    if any(code.startswith(OUR_QUESTION) for code in codes):
        return Refused(SERVICE, "the question was not accepted")
    if INTERNAL in codes:
        return Unavailable(SERVICE, "server_error")
    return Unreadable(SERVICE, "an error that is not documented")


def _code(error: Reader) -> str:
    """The code stands in `extensions` or at the start of the message."""
    if error.has("extensions"):
        code: str = error.object("extensions").text("code", "")
        if code:
            return code
    return str(error.text("message", "")).partition(":")[0].strip()
