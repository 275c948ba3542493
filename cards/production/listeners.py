"""What production does when something happened to a card."""

from contextlib import suppress

from celery import current_app
from kombu.exceptions import OperationalError

from cards.models import Card
from cards.production import actions, printing
from cards.production.models import ChipJob, Shipment
from encoding.errors import Unfit


def plan(*, card: str) -> None:
    """An issued card is planned, and a worker is asked to gather what is planned.

    Raises:
        ValueError: a name cannot stand on the chip or the stripe; a person has to look.
    """
    try:
        actions.plan(card=Card.objects.select_related("kind").get(pk=card))
    except Unfit as unfit:
        raise ValueError(f"card {card}: {unfit}") from None
    with suppress(OperationalError, OSError):  # the sweep finds what a silent broker was not told
        current_app.send_task("cards.production.tasks.make_batches", retry=False)


def cancel(*, card: str) -> None:
    """A card that was blocked before it was made is not made."""
    actions.cancel(card=Card.objects.get(pk=card))


def finish(*, job: str) -> None:
    """The card of a chip that was read back equal is produced."""
    actions.finish(job=ChipJob.objects.get(pk=job))


def write_letter_anew(*, shipment: int) -> None:
    """A letter whose address was changed is there with the new one. No transaction is open."""
    row = Shipment.objects.select_related("batch").get(pk=shipment)
    if row.awaits_letter and row.dispatched_at is None:
        actions.keep_letter(shipment=row, name=printing.letter_anew(row))
