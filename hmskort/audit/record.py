"""The one way to write history."""

from django.db import models

from hmskort.audit.actor import Actor
from hmskort.audit.models import Event
from hmskort.audit.names import EVENTS
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


def history(subject: models.Model) -> models.QuerySet[Event]:
    """What happened to the subject, oldest first."""
    return Event.objects.filter(**_of(subject)).order_by("id")


def _of(subject: models.Model) -> dict[str, str]:
    label = subject._meta.label_lower  # noqa: SLF001 - Django documents it
    return {"subject_type": label, "subject_id": str(subject.pk)}
