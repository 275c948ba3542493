"""The right to complain about a refusal: until when, to whom, and the complaint itself."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from hmskort.accounts.models import User
from hmskort.audit.actor import Actor
from hmskort.common import clock
from hmskort.common.clock import oslo_date
from hmskort.common.transactions import owns_transaction
from hmskort.common.transitions import MoveNotAllowed, Superseded, move
from hmskort.desk import attachments, rules
from hmskort.desk.attachments import Pictures
from hmskort.desk.entries import attach, enter
from hmskort.desk.models import Attachment, Case, Entry
from hmskort.desk.states import CASE_MOVES, CaseState


@dataclass(frozen=True)
class Right:
    """by: the last day. used: a complaint was sent, and this is the answer to it."""

    by: date
    used: bool

    @property
    def open(self) -> bool:
        """May the company complain today?"""
        return not self.used and clock.today() <= self.by


def right_of(case: Case) -> Right | None:
    """The right to complain about how the case stands; None where nothing was refused."""
    if case.state != CaseState.REFUSED:
        return None
    entries = case.entries.filter(kind__in=[Entry.Kind.REFUSED, Entry.Kind.COMPLAINED])
    at = dict(entries.order_by("id").values_list("kind", "at"))
    refused = at.get(Entry.Kind.REFUSED)
    if refused is None:
        return None
    return Right(rules.complain_by(oslo_date(refused)), used=Entry.Kind.COMPLAINED in at)


def complain(*, case: Case, text: str, pictures: Pictures, user: User, actor: Actor) -> None:
    """The refusal is complained about, and the case waits for a caseworker again.

    Raises:
        MoveNotAllowed: nothing was refused, it is too late, or it was complained about before.
        Superseded: the company has another open case about the same.
    """
    with attachments.kept(pictures) as rows:
        _complained(case=case, text=text, rows=rows, user=user, actor=actor)


@owns_transaction
def _complained(*, case: Case, text: str, rows: list[Attachment], user: User, actor: Actor) -> None:
    right = right_of(case)
    if right is None or not right.open:
        raise MoveNotAllowed(f"{case.reference} cannot be complained about")
    try:
        with transaction.atomic():
            move(case, CaseState.SENT, CASE_MOVES)
    except IntegrityError as error:
        raise Superseded("there is an open case about this") from error
    attach(case, rows)
    enter(case, Entry.Kind.COMPLAINED, user, actor, text=text)
