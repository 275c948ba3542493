"""What is found waiting: lost wake-ups, reservations that run out."""

import logging
from collections.abc import Callable

from celery import shared_task

from hmskort.common import clock
from orders import actions, queries
from orders.models import Line

log = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    """Lines left waiting go on, and reservations are given back in time. Safe to run twice."""
    for line in queries.lines_whose_reservation_ends(clock.now()):
        _by_itself(actions.release_line, line)
    for line in queries.lines_left_waiting(clock.now()):
        _by_itself(actions.clear, line)
    for line in queries.lines_to_ask_about_again(clock.now()):
        _by_itself(actions.review_when_met, line)


def _by_itself(action: Callable[..., None], line: Line) -> None:
    """One line that fails does not keep the others waiting."""
    try:
        action(line=line)
    except Exception:  # what one line raises is told in the log, and tried again next time
        log.exception("line %s cannot go on", line.reference)


@shared_task
def tell_companies() -> None:
    """Employers are told of cards whose validity changed. Safe to run twice."""
    for orgnr in queries.companies_with_news(clock.now()):
        actions.tell_company(orgnr=orgnr)
