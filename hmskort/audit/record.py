"""The one way to write history."""

from collections.abc import Iterable

from django.db import models

from hmskort.audit.actor import Actor
from hmskort.audit.models import Event
from hmskort.audit.names import EVENTS
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction


@inside_transaction
def record(
    name: str, *, actor: Actor, subject: models.Model, orgnr: str = "", **data: object
) -> None:
    """The event stands in the history, in the transaction of the change it tells of.

    Raises:
        KeyError: the name is not in `hmskort.audit.names.EVENTS`.
    """
    EVENTS[name]
    Event.objects.create(
        name=name,
        actor_kind=actor.kind,
        actor_id=actor.id,
        channel=actor.channel,
        **_of(subject),
        orgnr=orgnr,
        data=data,
    )


@inside_transaction
def record_each(
    name: str,
    *,
    actor: Actor,
    subjects: Iterable[models.Model],
    orgnr: str = "",
    **data: object,
) -> None:
    """The same of each of many subjects, in one statement.

    Raises:
        KeyError: the name is not in `hmskort.audit.names.EVENTS`.
    """
    EVENTS[name]
    Event.objects.bulk_create(
        Event(
            name=name,
            actor_kind=actor.kind,
            actor_id=actor.id,
            channel=actor.channel,
            **_of(subject),
            orgnr=orgnr,
            data=data,
        )
        for subject in subjects
    )


RECORDED = """INSERT INTO audit_event
    (name, at, actor_kind, actor_id, channel, subject_type, subject_id, orgnr, data)
SELECT %(event)s, %(event_at)s, %(actor_kind)s, %(actor_id)s, %(channel)s, %(subject_type)s,
    id::text, orgnr, {data}
FROM {rows}"""


def recorded(
    name: str, *, actor: Actor, model: type[models.Model], rows: str, data: str
) -> tuple[str, dict[str, object]]:
    """A part of a statement, with its parameters, that writes one event for each of many rows.

    model: of the subjects. rows: a relation of that statement with their id and orgnr; data: the
    expression for an event's data there.

    Raises:
        KeyError: the name is not in `hmskort.audit.names.EVENTS`.
    """
    EVENTS[name]
    return RECORDED.format(rows=rows, data=data), {
        "event": name,
        "event_at": clock.now(),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "channel": actor.channel,
        "subject_type": model._meta.label_lower,  # noqa: SLF001 - Django documents it
    }


def history(subject: models.Model) -> models.QuerySet[Event]:
    """What happened to the subject, oldest first."""
    return Event.objects.filter(**_of(subject)).order_by("id")


def _of(subject: models.Model) -> dict[str, str]:
    label = subject._meta.label_lower  # noqa: SLF001 - Django documents it
    return {"subject_type": label, "subject_id": str(subject.pk)}
