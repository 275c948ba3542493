"""The queue, and what one reviewer may see of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from hmskort.accounts.models import Access, User
from hmskort.common import clock
from orders.evidence.models import Piece
from orders.models import Line
from orders.review.models import Claim
from orders.states import LineState
from registers.models import Employment

SHOWN = 50  # of the queue; the oldest are what matters
REST = timedelta(minutes=30)  # a line that a reviewer put back comes last for them this long


@dataclass(frozen=True)
class Progress:
    """`Kontroll 12 av 87`: this case's number today, and how many there are with what waits."""

    number: int
    total: int

    @property
    def more(self) -> bool:
        """Is there a next case for this reviewer?"""
        return self.number <= self.total


class Where(StrEnum):
    """Where a case is that is not in the reviewer's hand."""

    WITH_ANOTHER = "with_another"
    FREE = "free"  # in the queue: its time ran out, or it was put back
    DECIDED = "decided"
    GONE = "gone"  # withdrawn by the orderer, or released: nobody looks at it any more


@dataclass(frozen=True)
class NotInHand:
    """Where a case is now; `holder` and `until` when somebody has it, `own` when it is the asker's.

    own: the reviewer may never judge it.
    """

    where: Where
    holder: str = ""
    until: datetime | None = None
    own: bool = False


@dataclass(frozen=True)
class Counts:
    waiting: int
    in_hand: int
    flagged: int


def in_review() -> QuerySet[Line]:
    """Every line that waits for a reviewer, oldest first."""
    return Line.objects.filter(state=LineState.IN_REVIEW).order_by("in_review_since", "id")


def queue(show: str = "") -> QuerySet[Line]:
    """The oldest lines in review, with who has them: all, or `free`, `taken` or `flagged` ones."""
    lines = in_review().annotate(
        holder=_open_claims().values("reviewer__name")[:1],
        holder_id=_open_claims().values("reviewer")[:1],
        held_until=_open_claims().values("until")[:1],
    )
    now = clock.now()
    held = Q(held_until__gt=now)
    chosen = {"free": lines.exclude(held), "taken": lines.filter(held), "flagged": _flagged(lines)}
    return chosen.get(show, lines).select_related("order__kind", "portrait")[:SHOWN]


def counts() -> Counts:
    """How many lines wait, are in somebody's hand, and have advice about their portrait."""
    lines = in_review()
    held = lines.filter(Exists(_open_claims().filter(until__gt=clock.now())))
    return Counts(lines.count(), held.count(), _flagged(lines).count())


def takeable_by(reviewer: User) -> QuerySet[Line]:
    """Lines in nobody's hand that this reviewer may judge, in the order they should take them."""
    live = _open_claims().filter(until__gt=clock.now())
    put_back = Claim.objects.filter(
        line=OuterRef("pk"),
        reviewer=reviewer,
        end=Claim.End.PUT_BACK,
        ended_at__gt=clock.now() - REST,
    ).order_by("-ended_at")
    return (
        in_review()
        .filter(~Exists(live), _not_own(reviewer))
        .annotate(put_back_at=Subquery(put_back.values("ended_at")[:1]))
        .order_by(F("put_back_at").asc(nulls_first=True), "in_review_since", "id")
    )


def claim_of(reviewer: User) -> Claim | None:
    """What the reviewer has in hand."""
    return (
        Claim.objects.filter(reviewer=reviewer, ended_at=None)
        .select_related("line__order__kind", "line__person")
        .select_related("line__portrait", "line__signature", "line__id_copy")
        .first()
    )


def had_in_hand(reviewer: User, reference: str) -> bool:
    """Has the reviewer at some time held this line?"""
    return Claim.objects.filter(reviewer=reviewer, line__reference=reference).exists()


def not_in_hand(reviewer: User, reference: str) -> NotInHand | None:
    """Where the case is, that is not in the reviewer's hand; None when there never was one."""
    line = Line.objects.filter(reference=reference, in_review_since__isnull=False).first()
    if line is None:
        return None
    if line.state != LineState.IN_REVIEW:
        undecided = line.state in {LineState.WITHDRAWN, LineState.RELEASED}
        return NotInHand(Where.GONE if undecided else Where.DECIDED)
    claim = Claim.objects.filter(line=line, ended_at=None, until__gt=clock.now()).first()
    if claim:
        return NotInHand(Where.WITH_ANOTHER, claim.reviewer.name, claim.until)
    own = not in_review().filter(_not_own(reviewer), pk=line.pk).exists()
    return NotInHand(Where.FREE, own=own)


def pieces_of(line: Line) -> list[Piece]:
    """The pieces of a line, as a reviewer looks at them."""
    return [piece for piece in (line.portrait, line.id_copy, line.signature) if piece]


def progress_of(reviewer: User) -> Progress:
    """Where the reviewer is today; what is in hand counts as the next."""
    today = clock.now().astimezone(clock.OSLO).replace(hour=0, minute=0, second=0, microsecond=0)
    done = Claim.objects.filter(
        reviewer=reviewer, end=Claim.End.DECIDED, ended_at__gte=today
    ).count()
    holds = Claim.objects.filter(reviewer=reviewer, ended_at=None).count()
    return Progress(number=done + 1, total=done + holds + takeable_by(reviewer).count())


def _open_claims() -> QuerySet[Claim]:
    return Claim.objects.filter(line=OuterRef("pk"), ended_at=None)


def _flagged(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Lines whose portrait has a finding that somebody should look at."""
    return lines.filter(
        Q(portrait__checks__contains=[{"verdict": "look"}])
        | Q(portrait__checks__contains=[{"verdict": "bad"}])
    )


def _not_own(reviewer: User) -> Q:
    """Nobody judges their own card, what they ordered, or the company they act or work for."""
    acts_for = Access.objects.filter(person=reviewer.person_id, ended_at=None)
    works_for = Employment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=clock.today()), person=reviewer.person_id
    )
    return (
        ~Q(order__orderer=reviewer)
        & ~Q(person=reviewer.person_id)
        & ~Q(orgnr__in=acts_for.values("main_orgnr"))
        & ~Q(orgnr__in=works_for.values("main_orgnr"))
    )
