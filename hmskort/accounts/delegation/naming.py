"""Whether a typed surname and an identity number are one person's."""

from registers.models import Person
from registers.naming import agrees


def surname_agrees(person: Person, typed: str) -> bool | None:
    """Is it the person's surname? None while Folkeregisteret has not answered.

    A number that the register does not know agrees with no name.
    """
    if person.state == Person.State.UNKNOWN:
        return None
    return agrees(typed, given_names=person.given_names, surname=person.surname)
