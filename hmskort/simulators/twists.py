"""Answers that look right and are wrong in content: about somebody else, or impossible.

Each service's own answer is taken and changed where it matters, so that its form stays as it
documents. Feeds of changes are left as they are.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from hmskort.simulators.world.numbers import IdentityNumbers

OTHER_COMPANY = "974761076"
OTHER_PERSON = IdentityNumbers().fodselsnummer(date(1950, 2, 3))
FUTURE = "2999-01-01"
UNKNOWN = "??"
ORGNR = re.compile(rb"(<Organisasjonsnummer>)\d{9}")
STATUS = re.compile(rb"(<(?:Godkjenningsstatus|Status)>)[^<]*")
COMPANIES = re.compile(rb"<(Virksomhet|Renholdsvirksomhet)>.*</\1>", re.DOTALL)

Document = dict[str, Any]
Twist = Callable[[Any], None]  # changes the JSON of an answer in place


def twisted(service: str, mode: str, response: HttpResponseBase) -> HttpResponse | None:
    """The service's answer with wrong content; None where it has nothing that can be wrong so."""
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return response if isinstance(response, HttpResponse) else None
    if (service, mode) in FILES:
        return HttpResponse(FILES[service, mode](response.content), response["Content-Type"])
    if (service, mode) not in TWISTS:
        return None
    if "json" not in response.get("Content-Type", ""):
        return response
    body = json.loads(response.content)
    TWISTS[service, mode](body)
    return HttpResponse(json.dumps(body), content_type=response["Content-Type"])


def _set(values: Document, *, where: Callable[[Any], Iterator[Document]]) -> Twist:
    def twist(body: Any) -> None:
        for each in where(body):
            each.update(values)

    return twist


def _units(body: Any) -> Iterator[Document]:
    """Units that Enhetsregisteret describes, alone or in a search."""
    yield from body.get("_embedded", {}).get("enheter", [])
    if "respons_klasse" in body:
        yield body


def _roles(body: Any) -> Iterator[Document]:
    for group in body.get("rollegrupper", []):
        yield from group["roller"]


def _other_unit(body: Any) -> None:
    for unit in _units(body):
        unit["organisasjonsnummer"] = OTHER_COMPANY
    if "rollegrupper" in body:
        body["_links"] = {"self": {"href": f"/enheter/{OTHER_COMPANY}/roller"}}


def _coming_unit(body: Any) -> None:
    for unit in _units(body):
        unit["registreringsdatoEnhetsregisteret"] = FUTURE
    for role in _roles(body):
        role.get("person", {})["fodselsdato"] = FUTURE


def _unknown_form(body: Any) -> None:
    for unit in _units(body):
        unit["organisasjonsform"] = {"kode": UNKNOWN}
    for role in _roles(body):
        role["type"] = {"kode": UNKNOWN}


def _nameless_unit(body: Any) -> None:
    for unit in _units(body):
        unit["navn"] = ""
    if "rollegrupper" in body:
        body["rollegrupper"] = []


def _people(body: Any) -> Iterator[Document]:
    """Person documents of Folkeregisteret, alone or in bulk."""
    if isinstance(body, dict):
        yield from (each["folkeregisterperson"] for each in body.get("oppslag", []))
        if "identifikasjonsnummer" in body:
            yield body


def _other_person(body: Any) -> None:
    for person in _people(body):
        for number in person["identifikasjonsnummer"]:
            number["foedselsEllerDNummer"] = OTHER_PERSON


def _employments(body: Any) -> Iterator[Document]:
    yield from body["data"]["finnArbeidsforhold"]["arbeidsforhold"]


def _ended_before_it_began(body: Any) -> None:
    for row in _employments(body):
        row["ansettelsesperiode"]["sluttdato"] = _before(row["ansettelsesperiode"]["startdato"])


def _no_employments(body: Any) -> None:
    body["data"]["finnArbeidsforhold"] = {}


def _posted_until_before(body: Any) -> None:
    for row in body:
        row["sluttdato"] = _before(row["startdato"])


def _permits(body: Any) -> Iterator[Document]:
    yield body["arbeidsadgang"]


def _itself(body: Any) -> Iterator[Document]:
    yield body


def _tokens(body: Any) -> Iterator[Document]:
    if "access_token" in body:
        yield body


def _agencies(body: Any) -> Iterator[Document]:
    for agency in body["data"]:
        yield agency
        yield from agency["underenheter"]


def _before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


REVERSED = {"fra": "2026-02-01", "til": "2026-01-01"}
BORN_TO_BE = {"foedsel": {"foedselsdato": FUTURE}}
TWISTS: dict[tuple[str, str], Twist] = {
    ("enhetsregisteret", "wrong_subject"): _other_unit,
    ("enhetsregisteret", "wrong_dates"): _coming_unit,
    ("enhetsregisteret", "wrong_code"): _unknown_form,
    ("enhetsregisteret", "wrong_empty"): _nameless_unit,
    ("folkeregisteret", "wrong_subject"): _other_person,
    ("folkeregisteret", "wrong_dates"): _set(BORN_TO_BE, where=_people),
    ("folkeregisteret", "wrong_code"): _set({"status": [{"status": UNKNOWN}]}, where=_people),
    ("folkeregisteret", "wrong_empty"): _set({"navn": []}, where=_people),
    ("aaregisteret", "wrong_subject"): _set(
        {"arbeidstaker": {"ident": OTHER_PERSON}}, where=_employments
    ),
    ("aaregisteret", "wrong_dates"): _ended_before_it_began,
    ("aaregisteret", "wrong_code"): _set({"type": {"kode": UNKNOWN}}, where=_employments),
    ("aaregisteret", "wrong_empty"): _no_employments,
    ("oar", "wrong_subject"): _set({"foedselsEllerDNummer": OTHER_PERSON}, where=iter),
    ("oar", "wrong_dates"): _posted_until_before,
    ("oar", "wrong_code"): _set({"idKontroll": UNKNOWN}, where=iter),
    ("oar", "wrong_empty"): _set({"oppdragsId": ""}, where=iter),
    ("udi", "wrong_subject"): _set({"foresporselsfodselsnummer": OTHER_PERSON}, where=_itself),
    ("udi", "wrong_dates"): _set({"arbeidsadgangsPeriode": REVERSED}, where=_permits),
    ("udi", "wrong_code"): _set({"harArbeidsadgang": UNKNOWN}, where=_permits),
    ("udi", "wrong_empty"): _set({"arbeidsadgang": {}}, where=_itself),
    ("maskinporten", "wrong_subject"): _set({"scope": "somebody:elses"}, where=_tokens),
    ("maskinporten", "wrong_dates"): _set({"expires_in": -1}, where=_tokens),
    ("maskinporten", "wrong_code"): _set({"token_type": UNKNOWN}, where=_tokens),
    ("maskinporten", "wrong_empty"): _set({"access_token": ""}, where=_tokens),
    ("bemanningsforetaksregisteret", "wrong_subject"): _set(
        {"organisasjonsnummer": OTHER_COMPANY}, where=_agencies
    ),
    ("bemanningsforetaksregisteret", "wrong_code"): _set(
        {"godkjenningsstatus": UNKNOWN, "registerstatusTekst": UNKNOWN}, where=_agencies
    ),
    ("bemanningsforetaksregisteret", "wrong_empty"): _set({"data": []}, where=_itself),
}
FILES: dict[tuple[str, str], Callable[[bytes], bytes]] = {
    ("renholdsregisteret", "wrong_subject"): lambda file: ORGNR.sub(
        rb"\g<1>" + OTHER_COMPANY.encode(), file
    ),
    ("renholdsregisteret", "wrong_code"): lambda file: STATUS.sub(
        rb"\g<1>" + UNKNOWN.encode(), file
    ),
    ("renholdsregisteret", "wrong_empty"): lambda file: COMPANIES.sub(b"", file),
}
