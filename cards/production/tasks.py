"""Batches are made in a worker; the sweep finds what a lost message or a dead worker left."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.db import connection

from cards.production import actions, printing, queries
from cards.production.models import Batch

log = logging.getLogger(__name__)

LOCK_CLASS = 41_101  # the first half of a lock's key; the second is the batch


@shared_task
def make_batches() -> None:
    """What is planned is gathered, and every batch without print files gets them.

    Safe to run twice and to kill anywhere: a batch that was gathered and not printed is printed
    by the next run.
    """
    while actions.gather():
        pass
    for batch in Batch.objects.filter(printable_at=None).order_by("id"):
        with _alone_with(batch) as alone:
            if alone:
                _print_or_tell(batch)


def print_batch(batch: Batch) -> None:
    """The batch's files are made and stand with it. No transaction is open while they are."""
    batch.refresh_from_db()
    if batch.printable_at is None:
        actions.printable(batch=batch, files=printing.make(batch, queries.faces_of(batch)))


def _print_or_tell(batch: Batch) -> None:
    """One batch that cannot be printed does not stand in the way of the others."""
    try:
        print_batch(batch)
    except (ValueError, OSError):
        log.exception("batch %s cannot be printed", batch.reference)


@shared_task
def sweep() -> None:
    """Nothing that waits is forgotten."""
    actions.release_abandoned()
    make_batches()


@contextmanager
def _alone_with(batch: Batch) -> Iterator[bool]:
    """True when no other process prints the batch. A killed process lets go by dying."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, batch.pk])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, batch.pk])
