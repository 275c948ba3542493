"""Whether a typed surname and an identity number are one person's."""

import unicodedata

from registers.models import Person


def surname_agrees(person: Person, typed: str) -> bool | None:
    """Is it the surname of the person, or a part of it? None while the register has not answered.

    Upper case, accents, hyphens and spaces make no difference; a number that the register does not
    know agrees with no name.
    """
    if person.state == Person.State.UNKNOWN:
        return None
    held, given = _words(person.surname), _words(typed)
    return bool(given) and all(word in held for word in given)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("-", " "))
    return "".join(c for c in plain if not unicodedata.combining(c)).split()
