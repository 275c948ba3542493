"""OAR's answers, as assumed in `client`, into posted work."""

from hmskort.common.services import Unreadable
from registers.oar.answers import PostedWork
from registers.reading import Reader

SERVICE = "oar"


def posted_work(body: object, asked_orgnr: str, asked_national_id: str) -> tuple[PostedWork, ...]:
    """The rows of an answer; one about another company or person makes all of it unreadable."""
    if not isinstance(body, list):
        raise Unreadable(SERVICE, "the answer is not a list")
    told = [Reader(SERVICE, each, "a row") for each in body]
    if any(row.text("foedselsEllerDNummer") != asked_national_id for row in told):
        raise Unreadable(SERVICE, "the answer is about another person")
    rows = tuple(_row(row) for row in told)
    if any(row.orgnr != asked_orgnr for row in rows):
        raise Unreadable(SERVICE, "the answer is about another company")
    return rows


def _row(row: Reader) -> PostedWork:
    found = PostedWork(
        assignment_id=row.text("oppdragsId"),
        orgnr=row.text("oppdragstaker"),
        client_orgnr=row.text("oppdragsgiver"),
        starts_on=row.date("startdato"),
        ends_on=row.date("sluttdato", None),
        identity_checked=row.flag("idKontroll"),
    )
    if not found.assignment_id:
        raise row.misfit("oppdragsId", "is missing")
    if found.ends_on and found.ends_on < found.starts_on:
        raise row.misfit("sluttdato", "is before startdato")
    return found
