"""What is found waiting: lost wake-ups, reservations that run out."""

from celery import shared_task

from hmskort.common import clock
from orders import actions, queries


@shared_task
def sweep() -> None:
    """Lines left waiting go on, and reservations are given back in time. Safe to run twice."""
    for line in queries.lines_left_waiting(clock.now()):
        actions.clear(line=line)
    for line in queries.lines_whose_reservation_ends(clock.now()):
        actions.release_line(line=line)


@shared_task
def tell_companies() -> None:
    """Employers are told of cards whose validity changed. Safe to run twice."""
    for orgnr in queries.companies_with_news(clock.now()):
        actions.tell_company(orgnr=orgnr)
