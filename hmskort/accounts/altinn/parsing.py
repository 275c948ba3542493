"""Altinn's list of authorized parties, read into what the portal needs of it."""

from dataclasses import dataclass
from typing import Any

from hmskort.common.services import Unreadable
from registers.reading import Reader

SERVICE = "Altinn"
ROLE_URN = "urn:altinn:external-role:ccr:"
CODES = {  # newer answers may name roles by urn
    f"{ROLE_URN}daglig-leder": "DAGL",
    f"{ROLE_URN}styreleder": "LEDE",
    f"{ROLE_URN}innehaver": "INNH",
    f"{ROLE_URN}bestyrende-reder": "BEST",
    f"{ROLE_URN}deltaker-fullt-ansvar": "DTSO",
    f"{ROLE_URN}deltaker-delt-ansvar": "DTPR",
}


@dataclass(frozen=True)
class Subunit:
    orgnr: str
    name: str


@dataclass(frozen=True)
class Party:
    """A main unit on the list, with what the person holds there.

    selectable: False where the unit is only shown because a sub-unit of it can be acted for.
    """

    orgnr: str
    name: str
    form: str
    roles: tuple[str, ...]  # codes: DAGL, LEDE ...
    resources: tuple[str, ...]
    subunits: tuple[Subunit, ...]
    deleted: bool
    selectable: bool


@dataclass(frozen=True)
class Answer:
    """What Altinn said of one person."""

    own_name: str  # as Altinn writes it; empty when the person is not on their own list
    parties: tuple[Party, ...]


def answer(document: Any) -> Answer:
    """The whole list.

    Raises:
        Unreadable: it is not as documented.
    """
    if not isinstance(document, list):
        raise Unreadable(SERVICE, "the answer is not a list")
    items = [Reader(SERVICE, item) for item in document]
    own = [item.text("name") for item in items if item.text("type") == "Person"]
    companies = [item for item in items if item.text("type") == "Organization"]
    return Answer(own[0] if len(own) == 1 else "", tuple(_party(item) for item in companies))


def _party(item: Reader) -> Party:
    return Party(
        orgnr=item.text("organizationNumber"),
        name=item.text("name"),
        form=item.text("unitType", ""),
        roles=tuple(CODES.get(role.casefold(), role) for role in item.texts("authorizedRoles")),
        resources=item.texts("authorizedResources"),
        subunits=tuple(
            Subunit(unit.text("organizationNumber"), unit.text("name"))
            for unit in item.objects("subunits")
            if not unit.flag("isDeleted", default=False)
        ),
        deleted=item.flag("isDeleted"),
        selectable=not item.flag("onlyHierarchyElementWithNoAccess"),
    )
