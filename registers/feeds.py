"""Following the registers' feeds of changes, each from its own stored position.

A change tells only that something happened: whoever we know is asked about again. The position
and the questions are stored in one transaction, so a page may be read twice without harm. Where
the register no longer has what came next, everything we know is asked about again; units of
Enhetsregisteret are then read from its whole file instead (`registers.company_files`).
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from hmskort.common import clock, outbox
from hmskort.common.sealed import fingerprint
from hmskort.common.services import ServiceError
from hmskort.common.transactions import owns_transaction
from registers import company_files, lookups, traffic
from registers.clients import client
from registers.enhetsregisteret.answers import Change, Feed
from registers.enhetsregisteret.client import CHANGES
from registers.folkeregisteret.answers import Event
from registers.folkeregisteret.client import TooOld
from registers.models import Company, FeedPosition, Lookup, PersonNumber

log = logging.getLogger(__name__)

COMPANIES: tuple[Feed, ...] = ("enheter", "underenheter", "roller")
PEOPLE = "folkeregisteret"
PAGES_AT_ONCE = 50  # of one run; the next goes on where this stopped
# To catch up with all of Enhetsregisteret costs more than to read it whole, or to ask anew.
TOO_OLD: dict[Feed, timedelta] = {
    "enheter": timedelta(days=7),
    "underenheter": timedelta(days=7),
    "roller": timedelta(days=60),
}
OVERLAP = timedelta(minutes=5)  # a feed may show a change a little after it happened


def follow_companies() -> int:
    """What changed in Enhetsregisteret is being asked about; the number of changes seen."""
    return sum(_follow(f"enhetsregisteret.{feed}", _company_page(feed)) for feed in COMPANIES)


def follow_people() -> int:
    """Those of whom Folkeregisteret tells something new are being asked about."""
    return _follow(PEOPLE, _person_page)


Page = Callable[[FeedPosition], bool]  # takes in one page; True when there is more


def _follow(feed: str, page: Page) -> int:
    if traffic.rests(feed.partition(".")[0]):
        return 0
    pages = 0
    try:
        while pages < PAGES_AT_ONCE and page(_position(feed)):
            pages += 1
    except traffic.NoRoom:
        return pages
    except ServiceError as trouble:
        log.warning("the feed %s cannot be read: %s", feed, trouble.what)
        FeedPosition.objects.filter(pk=feed).update(trouble=trouble.what[:200])
    return pages


def _position(feed: str) -> FeedPosition:
    """Where the feed is followed from; at first from before the oldest answer that we hold."""
    first = Lookup.objects.filter(answered_at__isnull=False).order_by("answered_at").first()
    begun_at = (first and first.answered_at) or clock.now()
    position, _ = FeedPosition.objects.get_or_create(
        feed=feed, defaults={"begun_at": begun_at - OVERLAP}
    )
    return position


def _company_page(feed: Feed) -> Page:
    def page(position: FeedPosition) -> bool:
        if clock.now() - (position.read_at or position.begun_at) > TOO_OLD[feed]:
            return _companies_anew(position, feed)
        with traffic.one_call("enhetsregisteret"):
            changes = client("enhetsregisteret").changes(
                feed, after=position.sequence, since=position.begun_at
            )
        _take_in_companies(position, feed, changes)
        return len(changes) >= CHANGES

    return page


def _companies_anew(position: FeedPosition, feed: Feed) -> bool:
    """The feed is followed from when we last knew everything: the file's making, or now.

    Until a file has been taken in the position stays; the file's own row says why there is none.
    """
    if feed == "roller":
        _start_anew(position, sequence=0, since=clock.now(), questions=_all_of("roller"))
        return True
    made_at = company_files.read(f"enhetsregisteret.{feed}")
    if made_at is None:
        FeedPosition.objects.filter(pk=position.pk).update(trouble="waits for the whole file")
        return False
    _start_anew(position, sequence=0, since=made_at, questions=set())
    return True


@owns_transaction
def _take_in_companies(position: FeedPosition, feed: Feed, changes: tuple[Change, ...]) -> None:
    last = changes[-1].sequence if changes else position.sequence
    if not _moved(position, last):
        return
    orgnrs = _known({change.orgnr for change in changes})
    source = "roller" if feed == "roller" else "enhetsregisteret"
    lookups.want(_asked_before(source, orgnrs), not_older_than=clock.now())
    if feed == "roller":
        for orgnr in orgnrs:
            outbox.enqueue("roles:changed", key=f"{orgnr}:{last}", orgnr=orgnr)


def _person_page(position: FeedPosition) -> bool:
    register = client("folkeregisteret")
    if position.read_at is None and position.sequence == 0:
        # The numbers of this feed tell no time: what we know is asked again from its end on.
        with traffic.one_call(PEOPLE):
            newest = register.last_sequence()
        _start_anew(position, sequence=newest, since=clock.now(), questions=_all_of(PEOPLE))
        return False
    try:
        with traffic.one_call(PEOPLE):
            events = register.events(position.sequence)
    except TooOld:
        with traffic.one_call(PEOPLE):
            newest = register.last_sequence()
        _start_anew(position, sequence=newest, since=clock.now(), questions=_all_of(PEOPLE))
        return False
    _take_in_people(position, events.items)
    return events.more


@owns_transaction
def _take_in_people(position: FeedPosition, events: tuple[Event, ...]) -> None:
    last = events[-1].sequence if events else position.sequence
    if not _moved(position, last):
        return
    marks = {fingerprint(event.national_id) for event in events if event.changes_a_person}
    people = PersonNumber.objects.filter(fingerprint__in=marks).values_list("person_id", flat=True)
    lookups.want(_asked_before(PEOPLE, map(str, people)), not_older_than=clock.now())


@owns_transaction
def _start_anew(
    position: FeedPosition, *, sequence: int, since: datetime, questions: set[lookups.Question]
) -> None:
    """What we know is asked about again, and the feed is followed from a new beginning."""
    now = clock.now()
    FeedPosition.objects.filter(pk=position.pk).update(
        sequence=sequence, begun_at=since - OVERLAP, read_at=now, trouble=""
    )
    lookups.want(questions, not_older_than=now)


def _moved(position: FeedPosition, last: int) -> bool:
    """The position is here now; False when another worker moved it first."""
    here = FeedPosition.objects.filter(pk=position.pk, sequence=position.sequence)
    now: datetime = clock.now()
    return bool(here.update(sequence=last, read_at=now, trouble=""))


def _known(orgnrs: Iterable[str]) -> list[str]:
    return list(Company.objects.filter(orgnr__in=set(orgnrs)).values_list("orgnr", flat=True))


def _asked_before(source: str, subjects: Iterable[str]) -> set[lookups.Question]:
    """Only what somebody has asked is asked again."""
    rows = Lookup.objects.filter(source=source, subject__in=set(subjects))
    return {(row.source, row.subject) for row in rows}


def _all_of(*sources: str) -> set[lookups.Question]:
    return set(Lookup.objects.filter(source__in=sources).values_list("source", "subject"))
