"""Renholdsregisteret: the whole register as a file, in both generations, with ETag.

Collection `renholdsregisteret.virksomheter`, by the main unit's orgnr: {"navn", "form", "status"
(the text of the newer file), "poststed", "underenheter": [{"orgnr", "navn"}]}. The real file is
made anew every morning; this one follows the collection at once. `renholdsregisteret.fil` keeps
when each file last came out changed.
"""

import functools
import hashlib
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from hmskort.common import clock
from hmskort.common.simulation import Document, Store

COMPANIES = "renholdsregisteret.virksomheter"
FILES = "renholdsregisteret.fil"
STATUSES = (  # as § 6 of the regulation and the newer file have them
    "Godkjent med ansatte",
    "Godkjent uten ansatte",
    "Søknad under behandling",
    "HMS-kortbestilling under behandling",
    "Ikke godkjent",
)
NO_ATTRIBUTES: "AttributesImpl[str]" = AttributesImpl({})
OLDER_TEXTS = {
    "Søknad under behandling": "Under behandling",
    "HMS-kortbestilling under behandling": "Under HMS-kortbestilling",
}


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The addresses of the two files."""

    def file(write: Callable[["_Xml", str, Document], None], root: str) -> Any:
        return functools.partial(served, store=store, write=write, root=root)

    return [
        path("renhold.xml", file(_older, "ArrayOfRenholdsvirksomhet")),
        path("renhold_register.xml", file(_newer, "Renholdsregister")),
    ]


@require_safe
def served(
    request: HttpRequest,
    *,
    store: Store,
    write: Callable[["_Xml", str, Document], None],
    root: str,
) -> HttpResponse:
    """The file, or 304 to whoever has it."""
    xml = _Xml(root)
    for orgnr, company in store.all(COMPANIES):
        write(xml, orgnr, company)
    content = xml.finished()
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:16])
    made_at = _made_at(store, root, etag)
    response = HttpResponse(content, content_type="text/xml; charset=utf-8")
    response["ETag"] = etag
    response["Last-Modified"] = http_date(made_at)
    answer = get_conditional_response(request, etag, int(made_at), response)
    return answer if isinstance(answer, HttpResponse) else response


def _made_at(store: Store, name: str, etag: str) -> float:
    """When the file came out with this content, in seconds since 1970."""
    known = store.get(FILES, name)
    if known is None or known["etag"] != etag:
        known = {"etag": etag, "at": clock.now().isoformat()}
        store.put(FILES, name, known)
    return datetime.fromisoformat(known["at"]).timestamp()


class _Xml:
    """An XML file under way."""

    def __init__(self, root: str) -> None:
        self._out = io.StringIO()
        self._xml = SimplerXMLGenerator(self._out, "utf-8")
        self._root = root
        self._xml.startDocument()
        self._xml.startElement(root, NO_ATTRIBUTES)

    def element(self, name: str, *inside: Callable[[], None] | tuple[str, str]) -> None:
        """An element: pairs become simple elements, functions write what is nested."""
        self._xml.startElement(name, NO_ATTRIBUTES)
        for each in inside:
            if isinstance(each, tuple):
                self._xml.addQuickElement(each[0], each[1])
            else:
                each()
        self._xml.endElement(name)

    def finished(self) -> bytes:
        self._xml.endElement(self._root)
        self._xml.endDocument()
        return self._out.getvalue().encode()


def _newer(xml: _Xml, orgnr: str, company: Document) -> None:
    def main_unit() -> None:
        xml.element(
            "Hovedenhet",
            ("Organisasjonsnummer", orgnr),
            ("Navn", company["navn"]),
            ("Organisasjonsform", company["form"]),
            ("Godkjenningsstatus", company["status"]),
            lambda: xml.element(
                "Forretningsadresse",
                ("Poststed", company["poststed"]),
                ("Kommunenavn", company["poststed"]),
            ),
        )

    def sub_units() -> None:
        for sub in company["underenheter"]:
            xml.element("Underenhet", ("Organisasjonsnummer", sub["orgnr"]), ("Navn", sub["navn"]))

    xml.element("Virksomhet", main_unit, lambda: xml.element("Underenheter", sub_units))


def _older(xml: _Xml, orgnr: str, company: Document) -> None:
    def sub_units() -> None:
        for sub in company["underenheter"]:
            xml.element("Avdeling", ("Organisasjonsnummer", sub["orgnr"]), ("Navn", sub["navn"]))

    xml.element(
        "Renholdsvirksomhet",
        ("Organisasjonsnummer", orgnr),
        ("Navn", company["navn"]),
        lambda: xml.element("Adresse", ("Poststed", company["poststed"])),
        lambda: xml.element("Underavdelinger", sub_units),
        ("Status", str(OLDER_TEXTS.get(company["status"], company["status"]))),
    )
