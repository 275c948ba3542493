"""What is found waiting: lost wake-ups, reservations that run out."""

import logging
from collections.abc import Callable

from celery import shared_task

from hmskort.common import clock
from orders import actions, queries
from orders.actions import sleeves as sleeve_actions
from orders.delivery.models import Sleeves
from orders.delivery.queries import sleeves_whose_reservation_ends
from orders.models import Line

log = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    """Lines left waiting go on, and reservations are given back in time. Safe to run twice."""
    for line in queries.lines_whose_reservation_ends(clock.now()):
        _by_itself(actions.release_line, line=line)
    for sleeves in sleeves_whose_reservation_ends(clock.now()):
        _by_itself(sleeve_actions.release, sleeves=sleeves)
    for line in queries.lines_left_waiting(clock.now()):
        _by_itself(actions.clear, line=line)
    for line in queries.lines_to_ask_about_again(clock.now()):
        _by_itself(actions.review_when_met, line=line)


def _by_itself(action: Callable[..., None], **about: Line | Sleeves) -> None:
    """One that fails does not keep the others waiting."""
    try:
        action(**about)
    except Exception:  # what one raises is told in the log, and tried again next time
        log.exception("%s cannot go on", *about.values())


@shared_task
def tell_companies() -> None:
    """Employers are told of cards whose validity changed. Safe to run twice."""
    for orgnr in queries.companies_with_news(clock.now()):
        actions.tell_company(orgnr=orgnr)


@shared_task
def forget_staff() -> None:
    """What was found of employees is deleted when nobody looks at it. Safe to run twice."""
    actions.forget_staff()
