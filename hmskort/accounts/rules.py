"""Which of Altinn's parties give access to act for a company, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from hmskort.accounts.altinn.parsing import Party

KEY_ROLES = ("DAGL", "LEDE", "INNH", "BEST", "DTSO", "DTPR")  # the highest first


@dataclass(frozen=True)
class Grant:
    """A person may act for a main unit: by a key role, or by a resource given in Altinn."""

    party: Party
    role: str  # a key role, or empty where the resource is why


def grants(parties: Iterable[Party], *, resource: str) -> list[Grant]:
    """One grant for each main unit that the person may act for.

    A deleted unit gives none, and neither does one that is listed only for the sake of its
    sub-units: a card carries the main unit's number, so the main unit must be acted for.
    Source: Altinn, key roles (`RoleConstants`); other roles in Enhetsregisteret are none.
    """
    usable = [party for party in parties if party.selectable and not party.deleted]
    found = [(party, _highest(party.roles)) for party in usable]
    return [Grant(party, role) for party, role in found if role or resource in party.resources]


def _highest(roles: tuple[str, ...]) -> str:
    return next((role for role in KEY_ROLES if role in roles), "")
