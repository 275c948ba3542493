"""From an issued card to one in the post: planned, gathered, printed, encoded, sent.

Each step is one transaction that looks at the state first, so every step may be run twice and a
process may die between any two.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError

from cards import actions as cards
from cards.models import Card
from cards.production.models import Batch, ChipJob, Shipment
from cards.production.printing import PrintFiles
from cards.production.states import JOB_MOVES, WAITING, JobState
from cards.states import CardState
from encoding import stripe
from encoding.content import CardContent, Kind, Sex
from hmskort.audit.actor import SYSTEM, Actor, ActorKind, Channel
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import move

PER_BATCH = 100
CLAIM_HOLDS = timedelta(minutes=15)  # a station that has not begun by then has lost the job


class NotYours(Exception):
    """The station reports on a job that it does not have. code: the API's word for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotAllMade(Exception):
    """A letter was to be sent before all its cards, or it itself, were made."""


@owns_transaction
def plan(*, card: Card) -> None:
    """The card's chip is planned, once: what it shall hold, and what the stripe says.

    The card is locked, so one that is blocked at the same time is not planned, or is cancelled.
    """
    card = Card.objects.select_for_update(of=("self",)).select_related("kind").get(pk=card.pk)
    if card.state != CardState.ISSUED:
        return
    content = _content(card)
    ChipJob.objects.get_or_create(
        card=card,
        defaults={
            "profile": settings.CHIP_PROFILE,
            "content": content.to_json(),
            "track1": stripe.track1(
                card_number=card.number,
                surname=card.surname,
                given_names=card.given_names,
                expires_on=card.expires_on,
            ),
        },
    )


@owns_transaction
def cancel(*, card: Card) -> None:
    """A card that was blocked before it was made is not made."""
    job = ChipJob.objects.select_for_update().filter(card=card).first()
    if job and JobState.CANCELLED in JOB_MOVES[JobState(job.state)]:
        move(job, JobState.CANCELLED, JOB_MOVES, station="")


@owns_transaction
def gather() -> Batch | None:
    """What is planned is a batch, the oldest first, with a letter for each order in it."""
    jobs = list(
        ChipJob.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=JobState.PLANNED, batch=None)
        .select_related("card")
        .order_by("created_at", "id")[:PER_BATCH]
    )
    if not jobs:
        return None
    batch = Batch.objects.create()
    for job in jobs:
        job.batch, job.shipment = batch, _shipment(batch, job.card)
    ChipJob.objects.bulk_update(jobs, ["batch", "shipment"])
    return batch


@owns_transaction
def printable(*, batch: Batch, files: PrintFiles) -> None:
    """The print files stand with the batch, and its chips may be written. Once."""
    fresh = Batch.objects.filter(pk=batch.pk, printable_at=None).update(
        printable_at=clock.now(), fronts=files.fronts, backs=files.backs, letters=files.letters
    )
    if not fresh:
        return
    for shipment, (first, many) in files.pages_of.items():
        Shipment.objects.filter(pk=shipment).update(first_page=first, pages=many)
    ChipJob.objects.filter(batch=batch, state=JobState.PLANNED).update(state=JobState.READY)
    record("batch:made", actor=SYSTEM, subject=batch, cards=batch.jobs.count())


def claim(*, station: str, actor: Actor) -> ChipJob | None:
    """The station's job: the unfinished one again, else the next that waits, else none."""
    try:
        return _claim(station, actor)
    except IntegrityError:  # the same station asked twice at once: both get the one job
        return _in_hand(station)


@owns_transaction
def _claim(station: str, actor: Actor) -> ChipJob | None:
    job = _in_hand(station)
    if job:
        return job
    waiting = (
        ChipJob.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=JobState.READY, card__state=CardState.ISSUED)
        .order_by("batch_id", "shipment_id", "created_at", "id")
        .first()
    )
    if waiting:
        move(waiting, JobState.CLAIMED, JOB_MOVES, station=station, claimed_at=clock.now())
        record("chip:claimed", actor=actor, subject=waiting.card, station=station)
    return waiting


@owns_transaction
def started(*, job: ChipJob, station: str, uid: str, plan_digest: str, actor: Actor) -> None:
    """The job is on the chip with this UID from now on; told again, nothing changes.

    Raises:
        NotYours: another station has the job, it is on another chip, or it is done.
    """
    job = _of_station(job, station)
    if job.state in {JobState.STARTED, JobState.DONE}:
        if (job.uid, job.plan) != (uid, plan_digest):
            raise NotYours("other_chip", f"the job is on chip {job.uid}")
        return
    move(job, JobState.STARTED, JOB_MOVES, uid=uid, plan=plan_digest)
    record("chip:started", actor=actor, subject=job.card, uid=uid, station=station)


@owns_transaction
def done(*, job: ChipJob, station: str, report: Mapping[str, str], actor: Actor) -> None:
    """The chip was written and read back equal; told again, nothing changes.

    report: verified already (`encoding.attestation.verify_report`).

    Raises:
        NotYours: another station has the job, or the report is of another chip or image.
    """
    job = _of_station(job, station)
    if (job.uid, job.plan) != (report["uid"], report["image_digest"]):
        raise NotYours("other_chip", "the report is of another chip, or of another image")
    if job.state == JobState.DONE:
        return
    move(job, JobState.DONE, JOB_MOVES, report=dict(report), done_at=clock.now())
    record("chip:done", actor=actor, subject=job.card, uid=job.uid, station=station)
    outbox.enqueue("chip:done", key=str(job.pk), job=str(job.pk))


@owns_transaction
def scrapped(*, job: ChipJob, station: str, uid: str, reason: str, actor: Actor) -> None:
    """The chip is waste and the job waits for another; told again, nothing changes.

    A card that was blocked meanwhile is not made at all.

    Raises:
        NotYours: another station has the job, it is on another chip, or it is done.
    """
    job = _of_station(job, station)
    if job.state == JobState.DONE:
        raise NotYours("done", "the job is done")
    if job.state != JobState.STARTED:
        return
    if job.uid != uid:
        raise NotYours("other_chip", f"the job is on chip {job.uid}")
    move(job, JobState.CLAIMED, JOB_MOVES, uid="", plan="", claimed_at=clock.now())
    record("chip:scrapped", actor=actor, subject=job.card, uid=uid, reason=reason)
    _cancel_if_blocked(job)


@owns_transaction
def free(*, job: ChipJob, actor: Actor) -> None:
    """The chip is waste and any station may take the job: its own is gone and will not tell.

    What that station may yet report of the chip is refused. A card that was blocked meanwhile is
    not made at all.

    Raises:
        MoveNotAllowed: the job is not being written.
    """
    job = ChipJob.objects.select_for_update(of=("self",)).select_related("card").get(pk=job.pk)
    uid, station = job.uid, job.station
    move(job, JobState.READY, JOB_MOVES, uid="", plan="", station="", claimed_at=None)
    record("chip:freed", actor=actor, subject=job.card, uid=uid, station=station)
    _cancel_if_blocked(job)


@owns_transaction
def finish(*, job: ChipJob) -> None:
    """The card of a chip that is done is produced."""
    if job.state != JobState.DONE:
        return
    station = Actor(ActorKind.STATION, job.station, Channel.STATION)
    cards.produced(card=Card.objects.select_for_update().get(pk=job.card_id), actor=station)


@owns_transaction
def release_abandoned() -> int:
    """Jobs that a station took and never began are anybody's again; how many."""
    return ChipJob.objects.filter(
        state=JobState.CLAIMED, uid="", claimed_at__lt=clock.now() - CLAIM_HOLDS
    ).update(state=JobState.READY, station="", claimed_at=None)


@owns_transaction
def dispatch(*, shipments: Iterable[Shipment], actor: Actor) -> int:
    """The letters have gone in the post with their cards; how many had not before.

    Raises:
        NotAllMade: a card of one of them is not made yet.
    """
    wanted = [shipment.pk for shipment in shipments]
    unsent = Shipment.objects.filter(pk__in=wanted, dispatched_at=None).order_by("pk")
    waiting = list(unsent.select_for_update())
    for shipment in waiting:
        jobs = shipment.jobs.select_related("card").order_by("pk")
        if shipment.awaits_letter:
            raise NotAllMade(shipment.reference)
        if any(job.state in WAITING or job.card.state == CardState.ISSUED
               for job in jobs if job.state != JobState.CANCELLED):  # fmt: skip
            raise NotAllMade(shipment.reference)
        shipment.dispatched_at = clock.now()
        shipment.save(update_fields=["dispatched_at"])
        for job in jobs:
            if job.state == JobState.DONE:
                cards.dispatched(card=job.card, actor=actor)
    for batch, letters in Counter(shipment.batch_id for shipment in waiting).items():
        record("batch:dispatched", actor=actor, subject=Batch(pk=batch), letters=letters)
    return len(waiting)


@inside_transaction
def readdress(*, cards: Iterable[Card], address: list[str]) -> int:
    """Those of the cards that have not gone in the post go there; how many.

    Their letters are made anew, and are not sent before. Whoever gathers or sends them at the same
    time comes before this, or after.
    """
    wanted = {card.pk for card in cards}
    jobs = list(ChipJob.objects.select_for_update().filter(card__in=wanted).order_by("pk"))
    letters = {job.shipment_id for job in jobs if job.shipment_id}
    shipments = list(Shipment.objects.select_for_update().filter(pk__in=letters).order_by("pk"))
    gone = {shipment.pk for shipment in shipments if shipment.dispatched_at}
    wanted -= {job.card_id for job in jobs if job.shipment_id in gone}
    moved = list(Card.objects.select_for_update().filter(pk__in=wanted, dispatched_on=None))
    for card in moved:
        card.delivery = {**card.delivery, "address": address}
        card.save(update_fields=["delivery"])
    for shipment in shipments:
        if shipment.pk not in gone:
            _write_anew(shipment, address)
    return len(moved)


@inside_transaction
def _write_anew(shipment: Shipment, address: list[str]) -> None:
    now = clock.now()
    Shipment.objects.filter(pk=shipment.pk).update(address=address, readdressed_at=now, letter="")
    outbox.enqueue(
        "shipment:readdressed", key=f"{shipment.pk}:{now.isoformat()}", shipment=shipment.pk
    )


@owns_transaction
def keep_letter(*, shipment: Shipment, name: str) -> None:
    """The letter stands with the shipment, unless its address was changed again meanwhile.

    name: of the file in the storage.
    """
    Shipment.objects.filter(
        pk=shipment.pk, readdressed_at=shipment.readdressed_at, dispatched_at=None
    ).update(letter=name)


@inside_transaction
def _cancel_if_blocked(job: ChipJob) -> None:
    """A job that could not be cancelled while it was being written is now."""
    if job.card.state != CardState.ISSUED:
        move(job, JobState.CANCELLED, JOB_MOVES, station="")


def _content(card: Card) -> CardContent:
    return CardContent(
        kind=Kind(card.kind.chip_kind),
        card_number=card.number,
        given_names=card.given_names,
        surname=card.surname,
        birth_date=card.birth_date,
        sex=Sex(card.sex),
        orgnr=card.orgnr,
        org_name=card.company_name,
        issued_on=card.issued_on,
        expires_on=card.expires_on,
    )


def _shipment(batch: Batch, card: Card) -> Shipment:
    """The letter for the card's order within the batch."""
    told = card.delivery
    shipment, _ = Shipment.objects.get_or_create(
        key=f"{told['shipment']}/{batch.reference}",
        defaults={"batch": batch, "address": told["address"]},
    )
    return shipment


def _in_hand(station: str) -> ChipJob | None:
    return ChipJob.objects.filter(
        station=station, state__in=[JobState.CLAIMED, JobState.STARTED]
    ).first()


def _of_station(job: ChipJob, station: str) -> ChipJob:
    """The job, locked, if it is the station's. Raises NotYours otherwise."""
    job = ChipJob.objects.select_for_update(of=("self",)).select_related("card").get(pk=job.pk)
    if job.station != station:
        raise NotYours("not_yours", "another station has the job, or none")
    if job.state == JobState.CANCELLED:
        raise NotYours("cancelled", "the card was blocked before it was made")
    return job
