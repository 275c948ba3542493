"""Kontakt- og reservasjonsregisteret's JSON into contacts."""

from registers.krr.answers import Address, Contact, Language
from registers.reading import Reader

SERVICE = "krr"
REGISTERED = {"AKTIV": True, "SLETTET": False, "IKKE_REGISTRERT": False}
NOTIFIED = {"KAN_VARSLES": True, "KAN_IKKE_VARSLES": False}
RESERVED = {"JA": True, "NEI": False}
LANGUAGES: dict[str, Language] = {"nb": "nb", "nn": "nn", "en": "en", "se": "se"}


def contacts(body: object) -> dict[str, Contact]:
    """Everybody in the answer, by identity number."""
    answer = Reader(SERVICE, body)
    if not answer.has("personer"):
        raise answer.misfit("personer", "is missing")
    return {each.text("personidentifikator"): _contact(each) for each in answer.objects("personer")}


def _contact(person: Reader) -> Contact:
    has_addresses = person.has("kontaktinformasjon")
    addresses = person.object("kontaktinformasjon") if has_addresses else None
    return Contact(
        registered=person.one_of("status", REGISTERED),
        may_be_notified=person.has("varslingsstatus")
        and person.one_of("varslingsstatus", NOTIFIED),
        reserved=person.has("reservasjon") and person.one_of("reservasjon", RESERVED),
        email=_address(addresses, "epostadresse"),
        mobile=_address(addresses, "mobiltelefonnummer"),
        language=LANGUAGES.get(person.text("spraak", "")),
    )


def _address(addresses: Reader | None, key: str) -> Address | None:
    if addresses is None or not addresses.text(key, ""):
        return None
    return Address(
        value=addresses.text(key),
        updated_on=addresses.date(f"{key}_oppdatert", None),
        verified_on=addresses.date(f"{key}_sist_verifisert", None),
    )
