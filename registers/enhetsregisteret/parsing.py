"""Enhetsregisteret's JSON into answers. What is missing where it is documented is unreadable."""

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

from hmskort.common import clock
from hmskort.common.services import Unreadable
from registers.enhetsregisteret.answers import (
    Address,
    Change,
    Company,
    CompanyHolder,
    Deleted,
    Feed,
    Kind,
    PersonHolder,
    Role,
)
from registers.reading import Reader

SERVICE = "enhetsregisteret"
EMBEDDED: dict[Feed, str] = {
    "enheter": "oppdaterteEnheter",
    "underenheter": "oppdaterteUnderenheter",
}
FORM = re.compile("[A-ZÆØÅ]{2,4}")  # organisasjonsform: AS, ENK, KTRF ...
ROLE = re.compile("[A-ZÆØÅ]{3,5}")  # DAGL, LEDE, OBS ...
LINK = re.compile(r"/enheter/(\d{9})(?:/|$)")
KINDS: dict[str, Kind] = {
    "Ukjent": "unknown",
    "Ny": "new",
    "Endring": "changed",
    "Sletting": "deleted",
    "Fjernet": "removed",
}


def company(body: object, asked_orgnr: str) -> Company | Deleted:
    """A unit, from the answer of `/enheter/{orgnr}` or `/underenheter/{orgnr}`.

    A deleted unit is answered with status 200 and a reduced body without the flags.
    """
    unit = Reader(SERVICE, body, "the unit")
    if unit.text("organisasjonsnummer") != asked_orgnr:
        raise Unreadable(SERVICE, "the answer is about another unit")
    if unit.has("slettedato") or unit.text("respons_klasse", "").startswith("Slettet"):
        return deleted(body, asked_orgnr)
    _refuse_contradictions(unit)
    main_orgnr = unit.text("overordnetEnhet", None)
    return _sub_unit(unit, main_orgnr) if _is_sub_unit(unit) else _main_unit(unit)


def companies(body: object, asked: Collection[str]) -> dict[str, Company | Deleted | Unreadable]:
    """The main units of a search, by number; each is read apart from the others.

    One that was not asked about makes the whole answer unreadable.
    """
    found = embedded(body, "the page of units").objects("enheter")
    units = {unit.text("organisasjonsnummer"): unit for unit in found}
    if not units.keys() <= set(asked):
        raise Unreadable(SERVICE, "the answer is about other units")
    return {orgnr: _item(unit, orgnr) for orgnr, unit in units.items()}


def _item(unit: Reader, asked_orgnr: str) -> Company | Deleted | Unreadable:
    try:
        return company(unit.body, asked_orgnr)
    except Unreadable as trouble:
        return trouble


def _refuse_contradictions(unit: Reader) -> None:
    """What no unit can be: then nothing of the answer is believed."""
    if not FORM.fullmatch(unit.object("organisasjonsform").text("kode")):
        raise unit.misfit("organisasjonsform", "is a code that is not documented")
    if not unit.text("navn").strip():
        raise unit.misfit("navn", "is missing")
    registered_on = unit.date("registreringsdatoEnhetsregisteret", None)
    if registered_on and registered_on > clock.today():
        raise unit.misfit("registreringsdatoEnhetsregisteret", "is in the future")
    if unit.has("konkursdato") and not unit.flag("konkurs", default=False):
        raise unit.misfit("konkursdato", "is told of a unit that is not bankrupt")
    if unit.text("overordnetEnhet", None) == unit.text("organisasjonsnummer"):
        raise unit.misfit("overordnetEnhet", "is the unit itself")


def deleted(body: object, asked_orgnr: str, *, removed: bool = False) -> Deleted:
    """A deleted or removed unit, of which little more than its number is told."""
    unit = Reader(SERVICE, body, "the deleted unit")
    return Deleted(
        orgnr=asked_orgnr,
        name=unit.text("navn", ""),
        deleted_on=unit.date("slettedato", None),
        removed=removed,
    )


def roles(body: object, asked_orgnr: str) -> tuple[Role, ...]:
    """The roles in force, from the answer of `/enheter/{orgnr}/roller`.

    The answer names the unit in its link alone. A unit without any role is answered with 404, so
    an answer without any is unreadable.
    """
    answer = Reader(SERVICE, body, "the roles")
    if _linked(answer) not in (None, asked_orgnr):
        raise Unreadable(SERVICE, "the answer is about another unit")
    groups = answer.objects("rollegrupper")
    if not groups:
        raise answer.misfit("rollegrupper", "is empty")
    return tuple(
        Role(_role_code(role), group.object("type").text("kode"), _holder(role))
        for group in groups
        for role in group.objects("roller")
        if not role.flag("fratraadt", default=False)
        and not role.flag("avregistrert", default=False)
    )


def _role_code(role: Reader) -> str:
    code: str = role.object("type").text("kode")
    if not ROLE.fullmatch(code):
        raise role.misfit("type", "is a code that is not documented")
    return code


def _linked(answer: Reader) -> str | None:
    """The number of the unit that the answer's own link names; None where it has none."""
    links = answer.object("_links") if answer.has("_links") else None
    if links is None or not links.has("self"):
        return None
    named = LINK.search(links.object("self").text("href"))
    return named[1] if named else None


def changes(body: object, feed: Feed) -> tuple[Change, ...]:
    """A page of a feed, in its order; roles come as a plain list of CloudEvents.

    A page that does not grow is unreadable: whoever followed it could lose a change.
    """
    if feed == "roller":
        if not isinstance(body, list):
            raise Unreadable(SERVICE, "the feed is not a list")
        found = _in_order(_role_change(Reader(SERVICE, each, "a change")) for each in body)
    else:
        page = embedded(body, "the page of changes")
        found = _in_order(_change(each) for each in page.objects(EMBEDDED[feed]))
    return found


def embedded(body: object, where: str) -> Reader:
    """What a HAL page holds. One without hits has no `_embedded`, and says that it has none."""
    page = Reader(SERVICE, body, where)
    if not page.has("_embedded") and page.object("page").number("totalElements") == 0:
        return Reader(SERVICE, {}, where)
    return page.object("_embedded")


def _in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    found = tuple(changes)
    if any(one.sequence >= next_.sequence for one, next_ in pairwise(found)):
        raise Unreadable(SERVICE, "the feed is not in order")
    return found


def _change(item: Reader) -> Change:
    paths = tuple(each.text("path") for each in item.objects("endringer"))
    return Change(
        sequence=item.number("oppdateringsid"),
        orgnr=item.text("organisasjonsnummer"),
        kind=KINDS.get(item.text("endringstype"), "unknown"),
        at=item.moment("dato"),
        paths=paths if item.has("endringer") else None,
    )


def _role_change(event: Reader) -> Change:
    number = event.text("id")
    if not (number.isascii() and number.isdigit()):
        raise event.misfit("id", "is not a number")
    return Change(
        sequence=int(number),
        orgnr=event.object("data").text("organisasjonsnummer"),
        kind="changed",
        at=event.moment("time"),
        paths=None,
    )


def _is_sub_unit(unit: Reader) -> bool:
    """Sub-units have the form BEDR or AAFY; a main unit may also have a unit above it (ORGL)."""
    return unit.object("organisasjonsform").text("kode") in {"BEDR", "AAFY"}


def _main_unit(unit: Reader) -> Company:
    return Company(
        orgnr=unit.text("organisasjonsnummer"),
        name=unit.text("navn"),
        form=unit.object("organisasjonsform").text("kode"),
        main_orgnr=None,
        bankrupt=unit.flag("konkurs"),
        winding_up=unit.flag("underAvvikling")
        or unit.flag("underTvangsavviklingEllerTvangsopplosning"),
        vat_registered=unit.flag("registrertIMvaregisteret"),
        in_foretaksregisteret=unit.flag("registrertIForetaksregisteret"),
        sector_code=_code(unit, "institusjonellSektorkode"),
        industries=_industries(unit),
        registered_on=unit.date("registreringsdatoEnhetsregisteret", None),
        closed_on=None,
        address=_address(unit, "forretningsadresse") or _address(unit, "postadresse"),
    )


def _sub_unit(unit: Reader, main_orgnr: str | None) -> Company:
    if main_orgnr is None:
        raise unit.misfit("overordnetEnhet", "is missing")
    return Company(
        orgnr=unit.text("organisasjonsnummer"),
        name=unit.text("navn"),
        form=unit.object("organisasjonsform").text("kode"),
        main_orgnr=main_orgnr,
        bankrupt=None,
        winding_up=None,
        vat_registered=unit.flag("registrertIMvaregisteret"),
        in_foretaksregisteret=None,
        sector_code="",
        industries=_industries(unit),
        registered_on=unit.date("registreringsdatoEnhetsregisteret", None),
        closed_on=unit.date("nedleggelsesdato", None),
        address=_address(unit, "beliggenhetsadresse") or _address(unit, "postadresse"),
    )


def _industries(unit: Reader) -> tuple[str, ...]:
    codes = (_code(unit, f"naeringskode{number}") for number in (1, 2, 3))
    return tuple(code for code in codes if code)


def _code(unit: Reader, key: str) -> str:
    code: str = unit.object(key).text("kode") if unit.has(key) else ""
    return code


def _address(unit: Reader, key: str) -> Address | None:
    if not unit.has(key):
        return None
    address = unit.object(key)
    return Address(
        lines=address.texts("adresse"),
        postal_code=address.text("postnummer", ""),
        city=address.text("poststed", ""),
        municipality=address.text("kommunenummer", ""),
        country_code=address.text("landkode", ""),
    )


def _holder(role: Reader) -> PersonHolder | CompanyHolder:
    if role.has("enhet"):
        unit = role.object("enhet")
        return CompanyHolder(
            unit.text("organisasjonsnummer"), unit.flag("erSlettet", default=False)
        )
    person = role.object("person")
    name = person.object("navn")
    born_on = person.date("fodselsdato", None)
    if born_on and born_on > clock.today():
        raise person.misfit("fodselsdato", "is in the future")
    given = " ".join(filter(None, (name.text("fornavn", ""), name.text("mellomnavn", ""))))
    return PersonHolder(
        given_names=given,
        surname=name.text("etternavn", ""),
        birth_date=born_on,
        dead=person.flag("erDoed", default=False),
    )
