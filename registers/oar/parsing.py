"""OAR's answers, as assumed in `client`, into posted work."""

from hmskort.common.services import Unreadable
from registers.oar.answers import PostedWork
from registers.reading import Reader

SERVICE = "oar"


def posted_work(body: object, asked_orgnr: str) -> tuple[PostedWork, ...]:
    """The rows of an answer; one about another company makes the whole answer unreadable."""
    if not isinstance(body, list):
        raise Unreadable(SERVICE, "the answer is not a list")
    rows = tuple(_row(Reader(SERVICE, each, "a row")) for each in body)
    if any(row.orgnr != asked_orgnr for row in rows):
        raise Unreadable(SERVICE, "the answer is about another company")
    return rows


def _row(row: Reader) -> PostedWork:
    return PostedWork(
        assignment_id=row.text("oppdragsId"),
        orgnr=row.text("oppdragstaker"),
        client_orgnr=row.text("oppdragsgiver"),
        starts_on=row.date("startdato"),
        ends_on=row.date("sluttdato", None),
        identity_checked=row.flag("idKontroll"),
    )
