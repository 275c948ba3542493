"""Taking a case in hand, putting it back, deciding it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hmskort.accounts.models import User
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.transitions import Superseded
from orders import actions as orders
from orders.evidence import actions as evidence
from orders.evidence.models import Piece
from orders.evidence.states import PieceState
from orders.models import Line
from orders.review import queries
from orders.review.models import Claim, Decision
from orders.states import LineState

if TYPE_CHECKING:
    from uuid import UUID

IN_HAND = timedelta(minutes=10)  # renewed while the page is open
LONGEST = timedelta(hours=1)  # but an open page does not hold a case for ever


@owns_transaction
def claim_next(*, reviewer: User, actor: Actor) -> Claim | None:
    """The reviewer has one case in hand: the one they had, or the oldest that is free.

    None when nothing waits that they may judge. Two who ask at once get different cases.
    """
    _lock(reviewer)
    held = _locked_claims(reviewer).first()
    if held and held.line.state == LineState.IN_REVIEW:
        return _until(held, clock.now() + IN_HAND)
    if held:
        _end(held, Claim.End.GONE)
    line = _locked_next(reviewer)
    if line is None:
        return None
    for expired in Claim.objects.filter(line=line, ended_at=None):
        _end(expired, Claim.End.EXPIRED)
    claim = Claim.objects.create(line=line, reviewer=reviewer, until=clock.now() + IN_HAND)
    record("review:claimed", actor=actor, subject=line, orgnr=line.orgnr)
    return claim


@owns_transaction
def renew(*, reviewer: User, reference: str) -> Claim | None:
    """The case stays in hand a while longer; None when it is not in hand any more."""
    claim = _locked_claims(reviewer).filter(line__reference=reference).first()
    if claim is None:
        return None
    return _until(claim, min(clock.now() + IN_HAND, claim.claimed_at + LONGEST))


@owns_transaction
def put_back(*, reviewer: User, reference: str, actor: Actor) -> None:
    """Somebody else may take the case; this reviewer meets it again after the others."""
    claim = _locked_claims(reviewer).filter(line__reference=reference).first()
    if claim is None:
        return
    _end(claim, Claim.End.PUT_BACK)
    record("review:put_back", actor=actor, subject=claim.line, orgnr=claim.line.orgnr)


@owns_transaction
def decide(
    *, claim_id: int, refusals: Mapping[str, list[str]], comment: str, reviewer: User, actor: Actor
) -> Line:
    """Each undecided piece is refused for its reasons, or approved when it has none.

    refusals: reason codes by kind of piece. The line is approved when nothing was refused.

    Raises:
        Superseded: the case is no longer in this reviewer's hand; nothing was decided.
        ValueError: a reason is given for a piece that is decided already.
    """
    line = _locked_line(claim_id, reviewer)
    claim = _locked_claims(reviewer).filter(pk=claim_id).first()
    if line is None or claim is None:
        raise Superseded(f"claim {claim_id} has ended")
    undecided = [p for p in queries.pieces_of(line) if p.state == PieceState.UPLOADED]
    if not set(refusals) <= {str(piece.kind) for piece in undecided}:
        raise ValueError("only a piece that waits for a decision can be refused")
    for piece in undecided:
        _decide_piece(
            claim=claim,
            piece=piece,
            reasons=refusals.get(str(piece.kind), []),
            comment=comment,
            actor=actor,
        )
    _end(claim, Claim.End.DECIDED)
    (orders.refuse_line if refusals else orders.approve_line)(line=line, actor=actor)
    return line


@inside_transaction
def _decide_piece(
    *, claim: Claim, piece: Piece, reasons: list[str], comment: str, actor: Actor
) -> None:
    state = PieceState.REFUSED if reasons else PieceState.APPROVED
    said = comment if reasons else ""
    evidence.decide(piece=piece, state=state, reasons=reasons, comment=said, actor=actor)
    Decision.objects.create(
        claim=claim,
        line_id=claim.line_id,
        piece=piece,
        reviewer_id=claim.reviewer_id,
        verdict=str(state),
        reasons=reasons,
        comment=said,
    )


def _lock(reviewer: User) -> None:
    """One page of a reviewer at a time: two tabs that ask at once get the same case."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=reviewer.pk)


def _locked_line(claim_id: int, reviewer: User) -> Line | None:
    """The line of a claim. Everybody locks the line before its claim, so nobody waits in a ring."""
    return (
        Line.objects.select_for_update(of=("self",))
        .filter(claims__pk=claim_id, claims__reviewer=reviewer, claims__ended_at=None)
        .first()
    )


def _locked_next(reviewer: User) -> Line | None:
    """The first takeable line that nobody else is taking in this moment, locked.

    A line that was taken between the question and the lock is seen by asking once more.
    """
    passed: list[UUID] = []
    while True:
        line = (
            queries.takeable_by(reviewer)
            .exclude(pk__in=passed)
            .select_for_update(of=("self",), skip_locked=True)
            .first()
        )
        if line is None or queries.takeable_by(reviewer).filter(pk=line.pk).exists():
            return line
        passed.append(line.pk)


def _locked_claims(reviewer: User) -> QuerySet[Claim]:
    return (
        Claim.objects.select_for_update(of=("self",))
        .filter(reviewer=reviewer, ended_at=None)
        .select_related("line")
    )


def _until(claim: Claim, at: datetime) -> Claim:
    claim.until = at
    claim.save(update_fields=["until"])
    return claim


def _end(claim: Claim, how: Claim.End) -> None:
    claim.ended_at, claim.end = clock.now(), how
    claim.save(update_fields=["ended_at", "end"])
