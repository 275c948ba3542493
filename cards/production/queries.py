"""Questions about what is being made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.fields.files import FieldFile

from cards.face.faces import Face
from cards.models import Card
from cards.production.models import Batch, ChipJob, Shipment
from cards.production.rules import SENT_WITHIN
from cards.production.states import WAITING, JobState
from hmskort.common import clock
from hmskort.common.dated import in_force

SHOWN = 50


def jobs_of(batch: Batch) -> QuerySet[ChipJob]:
    """The batch's jobs in the order of print: letter by letter."""
    return batch.jobs.select_related("card__kind").order_by("shipment_id", "created_at", "id")


def faces_of(batch: Batch) -> list[Face]:
    """What is printed, page by page; cards that were blocked meanwhile are not."""
    return [_face(job.card) for job in jobs_of(batch).exclude(state=JobState.CANCELLED)]


def shipments_of(batch: Batch) -> QuerySet[Shipment]:
    """The batch's letters, with how many cards each holds and how many are not made yet."""
    return batch.shipments.annotate(
        cards=Count("jobs", filter=~Q(jobs__state=JobState.CANCELLED)),
        waiting=Count("jobs", filter=Q(jobs__state__in=WAITING)),
    ).order_by("id")


def letters_of(cards: Collection[Card]) -> list[Any]:
    """The letters that these cards go in, the first made first, with how many each holds."""
    made = Q(jobs__card__in=cards) & ~Q(jobs__state=JobState.CANCELLED)
    letters = Shipment.objects.filter(jobs__card__in=cards).annotate(
        cards=Count("jobs", filter=made, distinct=True)
    )
    return list(letters.filter(cards__gt=0).order_by("id"))


def ready_to_send(batch: Batch) -> QuerySet[Shipment]:
    """The batch's letters whose cards are all made and which have not gone yet."""
    waiting = Q(jobs__state__in=WAITING)
    made = batch.shipments.filter(dispatched_at=None, jobs__state=JobState.DONE)
    unwritten = Q(readdressed_at__isnull=False, letter="")
    return made.exclude(waiting).exclude(unwritten).distinct()


def batches() -> QuerySet[Batch]:
    """The latest batches with their numbers: cards, waiting, done, letters not sent."""
    return Batch.objects.annotate(
        cards=Count("jobs", distinct=True, filter=~Q(jobs__state=JobState.CANCELLED)),
        waiting=Count("jobs", distinct=True, filter=Q(jobs__state__in=WAITING)),
        done=Count("jobs", distinct=True, filter=Q(jobs__state=JobState.DONE)),
        unsent=Count(
            "jobs__shipment",
            distinct=True,
            filter=~Q(jobs__state=JobState.CANCELLED) & Q(jobs__shipment__dispatched_at=None),
        ),
    ).order_by("-id")[:SHOWN]


@dataclass(frozen=True)
class Standing:
    """How much there is to do. late: issued longer ago than a card may take to the post."""

    planned: int
    ready: int
    encoding: int
    to_send: int
    late: int
    oldest: Card | None


def standing() -> Standing:
    """The work as it stands now."""
    counts = {
        row["state"]: row["many"]
        for row in ChipJob.objects.filter(state__in=WAITING)
        .values("state")
        .annotate(many=Count("id"))
    }
    unsent = _unsent()
    return Standing(
        planned=counts.get(JobState.PLANNED, 0),
        ready=counts.get(JobState.READY, 0),
        encoding=counts.get(JobState.CLAIMED, 0) + counts.get(JobState.STARTED, 0),
        to_send=unsent.filter(chip_job__state=JobState.DONE).count(),
        late=unsent.filter(issued_on__lt=_late_before()).count(),
        oldest=unsent.order_by("issued_on", "id").first(),
    )


def late_cards() -> QuerySet[Card]:
    """Cards that should have been in the post by now, the oldest first."""
    late = _unsent().filter(issued_on__lt=_late_before())
    return late.select_related("chip_job__batch").order_by("issued_on", "id")[:SHOWN]


def is_late(batch: Batch) -> bool:
    """Whether a card of the batch should have been in the post by now."""
    unsent = batch.jobs.filter(shipment__dispatched_at=None).exclude(state=JobState.CANCELLED)
    first = unsent.aggregate(at=Min("card__issued_on"))
    return bool(first["at"]) and first["at"] < _late_before()


def being_encoded() -> QuerySet[ChipJob]:
    """What stations have in hand, the longest first."""
    return (
        ChipJob.objects.filter(state__in=[JobState.CLAIMED, JobState.STARTED])
        .select_related("card", "batch")
        .order_by("claimed_at")[:SHOWN]
    )


def _unsent() -> QuerySet[Card]:
    on_the_way = (*WAITING, JobState.DONE)
    return Card.objects.filter(chip_job__state__in=on_the_way, dispatched_on=None)


def _late_before() -> date:
    today = clock.today()
    return today - timedelta(days=in_force(SENT_WITHIN, today).value.days)


def _face(card: Card) -> Face:
    return Face(
        number=card.number,
        kind_code=card.kind_id,
        kind_nb=card.kind.name_nb,
        kind_en=card.kind.name_en,
        company_name=card.company_name,
        orgnr=card.orgnr,
        holder_name=card.holder_name,
        birth_date=card.birth_date,
        issued_on=card.issued_on,
        expires_on=card.expires_on,
        portrait=_bytes(card.portrait),
        signature=_bytes(card.signature) if card.signature else None,
        issuer_name=settings.ISSUER_NAME,
        issuer_phone=settings.ISSUER_PHONE,
        issuer_email=settings.ISSUER_EMAIL,
        base_url=settings.BASE_URL,
    )


def _bytes(picture: FieldFile) -> bytes:
    with picture.open("rb") as file:
        content: bytes = file.read()
        return content
