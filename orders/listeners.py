"""What orders do when something happened elsewhere. Each looks at the state; each may repeat."""

import uuid
from datetime import datetime

from hmskort.accounts.models import Access
from orders import actions
from orders.importing import actions as importing
from orders.invoicing import actions as invoicing
from orders.models import Line, Order, StaffCheck
from orders.payments.methods import Method
from orders.payments.models import Payment
from orders.queries import (
    drafts_resting_on,
    lines_awaiting_portrait,
    lines_awaiting_registers,
    lines_awaiting_requirements,
    lines_whose_clock_waits,
    subjects_of_open_lines,
)
from registers.models import Person

PEOPLE = "folkeregisteret"


def judge_lines(*, source: str, subject: str) -> None:
    """Open lines that rest on the changed facts are judged again; a new name finds its lines."""
    if source == PEOPLE:
        actions.name_lines(people=[uuid.UUID(subject)])
    _judge_lines(source, subject)


def judge_lines_of_many(*, source: str, subjects: list[str]) -> None:
    """The same of any of the subjects."""
    if source == PEOPLE:
        actions.name_lines(people=[uuid.UUID(subject) for subject in subjects])
    for subject in subjects_of_open_lines(subjects):
        _judge_lines(source, subject)


def _judge_lines(source: str, subject: str) -> None:
    for line in drafts_resting_on(source, subject):
        actions.judge_draft(line=line)
    for line in lines_awaiting_registers(source, subject):
        actions.clear(line=line)
    for line in lines_awaiting_requirements(source, subject):
        actions.review_when_met(line=line)
    for line in lines_whose_clock_waits(source, subject):
        actions.note_met(line=line)


def read_staff(*, check: int) -> None:
    """Who is employed in the company is read, because somebody there asked."""
    actions.read_staff(check=StaffCheck.objects.get(pk=check))


def ask_more_about_staff(*, source: str, subject: str) -> None:
    """An answer may show that another register must be asked about an employee, or in a list."""
    actions.ask_more_about_staff(subjects=[subject])
    actions.judge_staff(subjects=[subject])
    importing.ask_more(subjects=[subject])


def note_silence_about_staff(*, source: str, subject: str) -> None:
    """A register is silent about an employee, or one in a list; the others may show what to ask."""
    actions.ask_more_about_staff(subjects=[subject])
    actions.tell_of_silence_about_staff(subjects=[subject])
    importing.ask_more(subjects=[subject])


def ask_more_about_staff_of_many(*, source: str, subjects: list[str]) -> None:
    """The same of many whom a register answered about at once."""
    actions.ask_more_about_staff(subjects=subjects)
    actions.judge_staff(subjects=subjects)
    importing.ask_more(subjects=subjects)


def tell_of_suspended_access(*, access: int) -> None:
    """Who leads the company is told, or else whoever ordered last: of one who may act no more."""
    actions.tell_of_suspended_access(access=Access.objects.get(pk=access))


def merge_person(*, person: str, into: str) -> None:
    """Lines and files of an old number are those of the person who has the new one."""
    actions.merge_person(
        old=Person.objects.get(pk=uuid.UUID(person)),
        one=Person.objects.get(pk=uuid.UUID(into)).survivor,
    )


def clear_line(*, line: str) -> None:
    """An approved line goes on if the registers have answered already."""
    actions.clear(line=Line.objects.get(pk=uuid.UUID(line)))


def clear_checked_lines(*, piece: str) -> None:
    """A portrait has been cropped for the card: an approved line that waited for it goes on."""
    for line in lines_awaiting_portrait(piece):
        actions.clear(line=line)


def submit_paid_order(*, payment: str, reference: str) -> None:
    """A reserved amount makes the cart an order."""
    actions.submit(payment=Payment.objects.get(pk=uuid.UUID(payment)))


def return_to_cart(*, payment: str, reference: str) -> None:
    """A payment that failed leaves the cart as it was."""
    actions.return_to_cart(payment=Payment.objects.get(pk=uuid.UUID(payment)))


def issue_paid_line(*, payment: str, reference: str, operation: str) -> None:
    """A captured price makes a line a card; postage that nothing is sent for is paid back.

    Sleeves are captured when they have been sent already.
    """
    kind, _, line_reference = operation.partition(":")
    if kind == "card":
        actions.issue_line(line=Line.objects.get(reference=line_reference))
    elif kind == "postage":
        actions.pay_idle_postage_back(order=Order.objects.get(reference=reference))


def invoice_completed_order(*, order: str) -> None:
    """What a completed order came to is invoiced, if it is to be paid for so.

    Postage that nothing is sent for is given up first, so that it never gets on an invoice.
    """
    row = Order.objects.select_related("payment").get(pk=uuid.UUID(order))
    if row.payment and row.payment.method == Method.INVOICE:
        actions.pay_idle_postage_back(order=row)
        invoicing.issue(payment=row.payment, buyer=actions.buyer_of(row))


def issue_free_line(*, line: str) -> None:
    """A cleared line that costs nothing is a card."""
    actions.issue_line(line=Line.objects.get(pk=uuid.UUID(line)))


def note_validity(*, changes: list[tuple[str, str]], at: str) -> None:
    """The cards' employers are to be told, together with what else changes at the same time.

    changes: of each card, its id and how it stood before.
    """
    before = {uuid.UUID(card): was for card, was in changes}
    actions.note_validity(before=before, at=datetime.fromisoformat(at))


def return_refused_line(*, payment: str, reference: str, operation: str) -> None:
    """A price that could not be captured puts the person back in the cart."""
    kind, _, line_reference = operation.partition(":")
    if kind == "card":
        actions.release_line(line=Line.objects.get(reference=line_reference))
