"""Everyone employed in a company is asked about, before anybody is ordered for."""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock, outbox
from hmskort.common.services import ServiceError
from hmskort.common.transactions import inside_transaction, owns_transaction
from orders.models import StaffCheck, StaffStanding
from orders.staff import asking, judging
from registers import lookups
from registers import staff as register
from registers.models import CardKind, Employment
from registers.traffic import NoRoom

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=30)  # after the last look; who opens the list again asks the registers
GOES_ON_FOR = timedelta(days=1)  # answers that come later are fetched when somebody asks again


@owns_transaction
def check_staff(*, orgnr: str, kind: CardKind, actor: Actor) -> StaffCheck:
    """Aa-registeret is being asked who is employed, and then every register about each of them."""
    now = clock.now()
    check, _ = StaffCheck.objects.update_or_create(
        orgnr=orgnr, kind=kind, defaults={"asked_at": now, "trouble": "", "answers": 0}
    )
    record("staff:checked", actor=actor, subject=check, orgnr=orgnr, kind=kind.code)
    outbox.enqueue("staff:wanted", key=f"{check.pk}:{now.isoformat()}", check=check.pk)
    return check


@owns_transaction
def forget_staff() -> None:
    """Lists that nobody has looked at for long are gone, with what was found of each employee."""
    ago = clock.now() - KEPT_FOR
    looked_at = Q(asked_at__gte=ago) | Q(judged_at__gte=ago)
    StaffCheck.objects.exclude(looked_at).delete()


def read_staff(*, check: StaffCheck) -> None:
    """Who is employed is known, and each is being asked about. Safe to run twice.

    Raises:
        TryLater: Aa-registeret gave no answer; the page says so meanwhile.
    """
    if not check.reading:
        return
    try:
        at = register.read(check.orgnr)
    except NoRoom as busy:
        raise outbox.TryLater(busy.what, busy.retry_after_s) from None
    except ServiceError as trouble:
        log.warning("aaregisteret cannot be read: %s", trouble.what)
        StaffCheck.objects.filter(pk=check.pk).update(trouble=trouble.what[:200])
        raise outbox.TryLater(trouble.what) from None
    judge_anew_later(orgnr=check.orgnr)  # every kind's list rests on the same reading
    _read(check=check, at=at)


@owns_transaction
def _read(*, check: StaffCheck, at: object) -> None:
    StaffCheck.objects.filter(pk=check.pk).update(read_at=at, trouble="")
    check.refresh_from_db()
    _want(check, asking.employed(check.orgnr))
    _judge_everyone(StaffCheck.objects.select_for_update().get(pk=check.pk))


@owns_transaction
def ask_more_about_staff(*, subjects: Sequence[str]) -> None:
    """What the answers show to be needed besides is being asked, once all have been tried.

    subjects: orgnrs or ids of people.
    """
    companies = {each for each in subjects if each.isdigit()}
    companies |= _employers([each for each in subjects if not each.isdigit()])
    since = clock.now() - GOES_ON_FOR
    checks = StaffCheck.objects.filter(orgnr__in=companies, asked_at__gt=since)
    told = checks.exclude(read_at=None).order_by("pk")  # as whoever judges them locks them
    for check in told.select_for_update(of=("self",)):
        people = asking.employed(check.orgnr)
        asked = asking.first_questions(check.orgnr, people)
        answers = asked.exclude(answered_at=None).count()
        if answers != check.answers and not asked.filter(attempts=0).exclude(due_at=None).exists():
            StaffCheck.objects.filter(pk=check.pk).update(answers=answers)
            _want(check, people)


@owns_transaction
def judge_staff(*, subjects: Sequence[str]) -> None:
    """In every list, those whom something was told of stand as it shows; see `judge_employees`."""
    judge_employees(subjects=subjects)


@owns_transaction
def tell_of_silence_about_staff(*, subjects: Sequence[str]) -> None:
    """Those about whom an answer was on its way are no longer told to be asked about.

    Whoever stood so already is left alone: a register that stays silent costs nothing.
    """
    waiting = StaffStanding.objects.filter(asking=True)
    people = [UUID(each) for each in subjects if not each.isdigit()]
    waited_for = {
        str(pk) for pk in waiting.filter(person__in=people).values_list("person", flat=True)
    }
    companies = waiting.filter(staff__orgnr__in=[each for each in subjects if each.isdigit()])
    waited_for |= set(companies.values_list("staff__orgnr", flat=True).distinct())
    if waited_for:
        judge_employees(subjects=sorted(waited_for))


@inside_transaction
def judge_employees(*, subjects: Sequence[str]) -> None:
    """Those whom something was told of are judged again, or everyone where it was of the company.

    A list that nobody has looked at today waits: whoever looks next sees everybody judged.
    subjects: orgnrs or ids of people.
    """
    companies = {each for each in subjects if each.isdigit()}
    people = {UUID(each) for each in subjects if not each.isdigit()}
    listed = StaffStanding.objects.filter(person__in=people).values("staff")
    employers = _employers([str(person) for person in people])
    touched = Q(orgnr__in=companies | employers) | Q(pk__in=listed)
    checks = StaffCheck.objects.filter(touched).order_by("pk").select_for_update(of=("self",))
    for check in checks:  # the day is read behind the lock: somebody may be judging right now
        if check.judged_on != clock.today():
            continue
        if check.orgnr in companies or not _judge_some(check, people):
            _judge_everyone(check)


@owns_transaction
def judge_for_today(*, check: StaffCheck) -> None:
    """Everybody stands as they do today: the first look of a day, or after a rule changed."""
    row = StaffCheck.objects.select_for_update().get(pk=check.pk)
    if row.read_at and row.judged_on != clock.today():
        _judge_everyone(row)
    check.refresh_from_db()


def judge_anew_later(**of: object) -> None:
    """Whoever looks next at these lists sees everybody judged anew. of: fields of the lists."""
    StaffCheck.objects.filter(**of).update(judged_on=None)


@inside_transaction
def _judge_everyone(check: StaffCheck) -> None:
    """check: locked, so that of two that judge the later one knows what the first one knew."""
    today = clock.today()
    found = judging.judged(check, today)
    people = [standing.person_id for standing in found.standings]
    check.standings.exclude(person__in=people).delete()
    _store(found.standings)
    check.company = [finding.as_json() for finding in found.company]
    check.units = judging.names_of(found.units)
    check.judged_at, check.judged_on = clock.now(), today
    check.save(update_fields=["company", "units", "judged_at", "judged_on"])


@inside_transaction
def _judge_some(check: StaffCheck, people: Collection[UUID]) -> bool:
    """False where what is found of them changes what is told of the company: nothing is stored."""
    found = judging.judged(check, clock.today(), people)
    told = {finding["requirement"]: finding for finding in check.company}
    alike = all(
        finding == told.get(finding["requirement"], finding)
        for standing in found.standings
        for finding in standing.findings
    )
    if not alike or found.units - check.units.keys():
        return False
    gone = set(people) - {standing.person_id for standing in found.standings}
    check.standings.filter(person__in=gone).delete()
    _store(found.standings)
    check.judged_at = clock.now()
    check.save(update_fields=["judged_at"])
    return True


@inside_transaction
def _store(standings: list[StaffStanding]) -> None:
    StaffStanding.objects.bulk_create(
        standings,
        update_conflicts=True,
        unique_fields=["staff", "person"],
        update_fields=["by_name", "outcome", "asking", "findings", "units"],
        batch_size=1000,
    )


def _employers(people: Sequence[str]) -> set[str]:
    rows = Employment.objects.filter(person__in=[UUID(person) for person in people])
    return set(rows.values_list("main_orgnr", flat=True).distinct())


def _want(check: StaffCheck, people: list[UUID]) -> None:
    questions = asking.questions(check, people)
    lookups.want(questions, not_older_than=check.asked_at - lookups.FRESH_ENOUGH)
