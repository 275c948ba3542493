"""How accesses are shown: in words, with what each may do, and what has happened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hmskort.accounts.delegation.queries import standing_of
from hmskort.accounts.delegation.rules import Standing
from hmskort.accounts.models import Access, Authorisation, Right, User
from hmskort.audit.actor import ActorKind
from hmskort.audit.models import Event
from hmskort.audit.names import EVENTS
from hmskort.audit.record import history
from hmskort.common.templatetags.portal import dato

STANDINGS = {
    Standing.NAME_AWAITED: (gettext_lazy("Navnet kontrolleres"), "info"),
    Standing.COMING: (gettext_lazy("Gjelder senere"), "info"),
    Standing.UNAUTHORISED: (gettext_lazy("Mangler fullmakt"), "warning"),
    Standing.HOLDS: (gettext_lazy("Gjelder"), "success"),
    Standing.SUSPENDED: (gettext_lazy("Stanset"), "danger"),
    Standing.RAN_OUT: (gettext_lazy("Utløpt"), "neutral"),
    Standing.ENDED: (gettext_lazy("Avsluttet"), "neutral"),
}


@dataclass(frozen=True)
class ShownAccess:
    """An access in a list or on its page."""

    access: Access
    standing: Standing
    label: str
    color: str
    why: str
    may: list[str]
    given_by: str

    @property
    def delegated(self) -> bool:
        """Was it given here, so that it can be changed here?"""
        return self.access.source == Access.Source.DELEGATION


@dataclass(frozen=True)
class Happened:
    """One thing in the history of an access."""

    at: datetime
    title: str
    text: str
    who: str
    color: str = ""


def shown(access: Any) -> ShownAccess:
    """The access in words. access: of `queries.every_access`."""
    standing = standing_of(access)
    label, color = STANDINGS[standing]
    why = access.get_role_display() if access.role else access.get_source_display()
    return ShownAccess(
        access=access,
        standing=standing,
        label=str(label),
        color=color,
        why=str(why),
        may=may(access.rights),
        given_by=str(access.given_by or ""),
    )


def may(rights: list[str]) -> list[str]:
    """The rights in words, in the order they are always told."""
    return [str(right.label) for right in Right if right in rights]


def happened(access: Access) -> list[Happened]:
    """All that has happened to the access, newest first."""
    events = list(history(access))
    people = User.objects.in_bulk(
        [e.actor_id for e in events if e.actor_kind == ActorKind.PERSON], field_name="pk"
    )
    names = {str(pk): str(user) for pk, user in people.items()}
    return [
        Happened(
            at=event.at,
            title=str(EVENTS[event.name]),
            text=_told(event),
            who=names.get(event.actor_id, _("HMS-kort")),
            color="danger" if event.name == "access:suspended" else "",
        )
        for event in reversed(events)
    ]


def _told(event: Event) -> str:
    told = event.data
    if "blocks_cards" in told:
        who = Authorisation.Blocks(told["blocks_cards"]).label
        return _("Kort meldes sperret eller tapt av: %(who)s.") % {"who": who}
    if "rights" not in told:
        return ""
    days = {"from": _day(told.get("since")), "to": _day(told.get("until"))}
    held = ", ".join(may(told["rights"]))
    return held + ". " + _("Fra %(from)s til %(to)s.") % days


def _day(text: str | None) -> str:
    return dato(date.fromisoformat(text)) if text else "–"
