"""What has happened with an order, its people and its payment, told from the history.

Each event has the words that `hmskort.audit.names` gives it; what is said of several people at the
same time is one entry that names them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hmskort.accounts.models import User
from hmskort.audit.actor import ActorKind
from hmskort.audit.models import Event
from hmskort.audit.names import EVENTS
from hmskort.common.templatetags.portal import kr
from orders import queries
from orders.models import Line, Order
from orders.show import name_of

SAME_MOMENT = timedelta(seconds=5)
NAMED = 4  # of more people than this the number is told
# What only the portal itself needs to know, or what another event tells as well.
LEFT_OUT = frozenset(
    {"line:cleared", "line:captured", "review:claimed", "review:put_back", "payment:started"}
)
Names = dict[object, str]  # of people, by whatever an event calls them
BAD = frozenset({"line:refused", "payment:failed", "payment:refused"})
WAITS = frozenset({"line:held", "line:awaiting", "line:credited"})
GOOD = frozenset(
    {"line:approved", "line:issued", "order:submitted", "order:completed", "sleeves:sent"}
)


@dataclass(frozen=True)
class Happened:
    """One entry of the timeline."""

    at: datetime
    title: str
    text: str
    who: str
    color: str


def happened(order: Order) -> list[Happened]:
    """What has happened with the order, newest first."""
    lines = list(order.lines.select_related("person"))
    events = [
        event
        for event in queries.events_of(order, lines)
        if not (_is_left_out(event) or _is_told_by_the_order(event, order))
    ]
    names = {key: name_of(line) for line in lines for key in _keys(line)}
    acted = _names_of_users(events)
    told = [_entry(list(together), names, acted) for _key, together in groupby(events, _moment)]
    return told[::-1]


def _keys(line: Line) -> tuple[object, ...]:
    """What an event may call the line by."""
    return (str(line.pk), line.position, line.reference)


def _is_left_out(event: Event) -> bool:
    return event.name in LEFT_OUT or event.data.get("amount_ore") == 0


def _is_told_by_the_order(event: Event, order: Order) -> bool:
    """Most people go to review in the moment when the order is sent."""
    sent = order.submitted_at
    return event.name == "line:submitted" and sent is not None and event.at - sent < SAME_MOMENT


def _moment(event: Event) -> tuple[object, ...]:
    """What is told together: the same about several people, within a minute, by the same."""
    if event.name.startswith("line:"):
        return (event.name, event.actor_id, event.at.replace(second=0, microsecond=0))
    return (event.pk,)


def _entry(events: list[Event], names: Names, acted: dict[str, str]) -> Happened:
    event = events[0]
    return Happened(
        at=events[-1].at,
        title=str(EVENTS[event.name]),
        text=_text(events, names),
        who=acted.get(event.actor_id, ""),
        color=_color(event.name),
    )


def _text(events: list[Event], names: Names) -> str:
    """Who it is about, how much, and why."""
    data = events[0].data
    if data.get("reason") == queries.SAME_PERSON:
        return _("En person sto to ganger, med gammelt og nytt nummer. Vi beholdt den ene.")
    about = _about(events, names)
    if data.get("amount_ore"):
        return " – ".join(text for text in (str(kr(data["amount_ore"])), about) if text)
    return _("%s. Prisen blir betalt tilbake.") % about if data.get("paid_back") else about


def _about(events: list[Event], names: Names) -> str:
    """The people of these events, or what else was paid for."""
    data = events[0].data
    paid_for = str(data.get("operation", "")).partition(":")
    if paid_for[0] == "sleeves":
        return _("kortholdere")
    if paid_for[0] == "postage" or paid_for[2].endswith("-P"):
        return _("porto")
    named = [*data.get("lines", []), data.get("line"), paid_for[2]]
    named += [event.subject_id for event in events]
    return _people(names[key] for key in named if key in names)


def _people(names: Iterable[str]) -> str:
    each = list(dict.fromkeys(names))
    if len(each) <= NAMED:
        return ", ".join(each)
    return ngettext("%d person", "%d personer", len(each)) % len(each)


def _color(name: str) -> str:
    colors = {"danger": BAD, "warning": WAITS, "success": GOOD}
    return next((color for color, events in colors.items() if name in events), "")


def _names_of_users(events: list[Event]) -> dict[str, str]:
    """The names of those who ordered; of the issuer's own people none are told."""
    ids = {event.actor_id for event in events if event.actor_kind == ActorKind.PERSON}
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=ids).only("name")}
