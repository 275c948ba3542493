"""Reads employments from Aa-registeret (Nav), GraphQL behind Maskinporten.

Contract: navikt.github.io/aareg, "Integrert oppslag". The host is inferred from its sibling for
pension providers; the fields are documented. There is no feed: an employer is read again. Every
question may raise the errors of `hmskort.common.services`.
"""

from typing import Protocol

import httpx

from hmskort.common.services import Unreadable, http_client, read_json
from registers.aaregisteret import parsing
from registers.aaregisteret.answers import Employment

SERVICE = parsing.SERVICE
SCOPE = "nav:aareg/v1/arbeidsforhold"
QUERY = """\
query finnArbeidsforhold($finnArbeidsforholdVariabler: FinnArbeidsforholdVariabler!) {
  finnArbeidsforhold(finnArbeidsforholdVariabler: $finnArbeidsforholdVariabler) {
    arbeidsforhold {
      id
      type { kode }
      arbeidstaker { ident }
      arbeidssted { type ident }
      opplysningspliktig { type ident }
      ansettelsesperiode { startdato sluttdato }
    }
  }
}
"""
ALWAYS = {
    "arbeidsforholdtype": list(parsing.KINDS),
    "rapporteringsordning": ["A_ORDNINGEN", "FOER_A_ORDNINGEN"],
    "arbeidsforholdstatus": ["AKTIV", "FREMTIDIG"],
    "ansettelsesdetaljerhistorikk": False,
}


class EmploymentRegister(Protocol):
    """What the portal asks of Aa-registeret: employments that are active or begin later."""

    def employments(
        self, national_id: str, *, main_orgnr: str | None = None
    ) -> tuple[Employment, ...]:
        """A person's employments, in one main unit or in all."""

    def employed_in(self, main_orgnr: str) -> tuple[Employment, ...]:
        """Everybody's employments in a main unit."""


class Client:
    """`EmploymentRegister` over HTTP."""

    def __init__(self, *, base_url: str, auth: httpx.Auth, timeout_s: float = 5.0) -> None:
        self._url = base_url
        self._http = http_client(SERVICE, base_url, timeout_s=timeout_s, auth=auth)

    def employments(
        self, national_id: str, *, main_orgnr: str | None = None
    ) -> tuple[Employment, ...]:
        employer = {"opplysningspliktigId": main_orgnr} if main_orgnr else {}
        found = self._found({"arbeidstakerId": national_id, **employer})
        if any(main_orgnr not in (None, each.main_orgnr) for each in found):
            raise Unreadable(SERVICE, "the answer is about another employer")
        if any(each.national_id != national_id for each in found):
            raise Unreadable(SERVICE, "the answer is about another person")
        return found

    def employed_in(self, main_orgnr: str) -> tuple[Employment, ...]:
        found = self._found({"opplysningspliktigId": main_orgnr})
        if any(each.main_orgnr != main_orgnr for each in found):
            raise Unreadable(SERVICE, "the answer is about another employer")
        return found

    def _found(self, about: dict[str, str]) -> tuple[Employment, ...]:
        variables = {"finnArbeidsforholdVariabler": {**about, **ALWAYS}}
        response = self._http.post(self._url, json={"query": QUERY, "variables": variables})
        if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            raise Unreadable(SERVICE, "the address is not the register's")
        return parsing.employments(read_json(response))
