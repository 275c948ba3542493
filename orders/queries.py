"""Questions about orders and lines. What a company may not see does not exist."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Max, Min, Q, QuerySet
from django.shortcuts import get_object_or_404

from hmskort.audit.models import Event
from hmskort.audit.record import history
from hmskort.common import clock
from hmskort.common.money import Amount
from orders import rules
from orders.models import CardNews, Line, Order
from orders.payments.methods import Method
from orders.payments.models import Payment
from orders.payments.queries import open_payment
from orders.payments.states import PaymentState
from orders.states import LINE_OPEN, LineState, OrderState
from registers.models import Person, Verdict

RELEASABLE = frozenset(
    {LineState.AWAITING, LineState.IN_REVIEW, LineState.REFUSED}
    | {LineState.APPROVED, LineState.HELD}
)
TO_BE_CLEARED = frozenset({LineState.APPROVED, LineState.HELD})
SAME_PERSON = "same_person"  # why a line ended, in the history


def order_for(orgnr: str, reference: str) -> Order:
    """The company's order; another company's does not exist (404)."""
    return get_object_or_404(
        Order.objects.select_related("kind", "payment", "orderer", "sleeves"),
        orgnr=orgnr,
        reference=reference,
    )


def line_for(orgnr: str, order_reference: str, line_reference: str) -> Line:
    """A line of the company's order; another company's does not exist (404)."""
    return get_object_or_404(
        Line.objects.select_related(
            "order__kind", "person", "verdict", "portrait", "signature", "id_copy", "card"
        ),
        orgnr=orgnr,
        order__reference=order_reference,
        reference=line_reference,
    )


def draft_of(person: Person, orgnr: str) -> Line | None:
    """The person's line in a cart of the company, if there is one."""
    lines = Line.objects.select_related("order").filter(person=person, orgnr=orgnr)
    return lines.filter(state=LineState.DRAFT, order__state=OrderState.CART).first()


def lines_of(order: Order) -> list[Line]:
    """The order's lines as they are shown: those taken out of the cart are not."""
    lines = order.lines.select_related(
        "order__kind",
        "order__payment",
        "person",
        "verdict",
        "portrait",
        "signature",
        "id_copy",
        "card",
        "replaces",
    ).prefetch_related("person__numbers", "credits")
    if order.state in {OrderState.CART, OrderState.PAYING}:
        lines = lines.filter(state=LineState.DRAFT)
    else:
        lines = lines.exclude(state=LineState.DRAFT).filter(
            Q(ended_at=None) | Q(ended_at__gte=F("order__submitted_at"))
        )
    return list(lines)


def is_reserved(order: Order) -> bool:
    """The order is paid for, and only waits to be submitted; the money is not on its way back."""
    return (
        order.state == OrderState.PAYING
        and order.payment is not None
        and order.payment.state == PaymentState.RESERVED
        and open_payment(order.reference) == order.payment
    )


def payment_under_way(order: Order) -> Payment | None:
    """The payment whose page somebody has opened and not come back from."""
    payment = open_payment(order.reference) if order.state == OrderState.PAYING else None
    return payment if payment and payment.page_url else None


def doubles_of(order: Order) -> QuerySet[Event]:
    """When a line was taken out because its person stood in another line by another number."""
    return history(order).filter(name="order:line_removed", data__reason=SAME_PERSON)


def events_of(order: Order, lines: list[Line]) -> QuerySet[Event]:
    """The history of the order, of its lines and of every payment of it, oldest first."""
    payments = Payment.objects.filter(reference=order.reference).values_list("pk", flat=True)
    subjects = {Order: [order.pk], Line: [line.pk for line in lines], Payment: list(payments)}
    wanted = Q()
    for model, keys in subjects.items():
        label = model._meta.label_lower  # noqa: SLF001 - Django documents it
        wanted |= Q(subject_type=label, subject_id__in=[str(key) for key in keys])
    return Event.objects.filter(wanted).order_by("id")


def left_behind(order: Order) -> int:
    """How many who were in the cart when the order was paid for, and wait in the cart now."""
    if order.submitted_at is None:
        return 0
    return Line.objects.filter(
        order__orgnr=order.orgnr,
        order__kind=order.kind_id,
        order__state=OrderState.CART,
        state=LineState.DRAFT,
        created_at__lt=order.submitted_at,
    ).count()


def cart_of(order: Order) -> Order | None:
    """The company's cart of the same kind, beside an order that is sent."""
    return Order.objects.filter(
        orgnr=order.orgnr, kind=order.kind_id, state=OrderState.CART
    ).first()


def total_of(lines: list[Line], postage: Amount) -> Amount:
    """What the lines cost together with one shipment's postage."""
    return sum((line.price for line in lines), start=postage)


def carts_of(orgnr: str) -> QuerySet[Order]:
    """The company's carts with somebody or something in them, the newest first."""
    holds = Q(people__gt=0) | Q(sleeves__isnull=False)
    carts = Order.objects.filter(holds, orgnr=orgnr, state=OrderState.CART)
    return carts.select_related("kind").order_by("-created_at", "-id")


def next_position(order: Order) -> int:
    """The place of the next person in the order."""
    last: int | None = order.lines.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def other_carts(order: Order) -> QuerySet[Order]:
    """The company's cart of the same kind, when it is another than this order."""
    carts = Order.objects.select_for_update(of=("self",))
    return carts.filter(orgnr=order.orgnr, kind=order.kind, state=OrderState.CART).exclude(
        pk=order.pk
    )


def drafts_resting_on(source: str, subject: str) -> QuerySet[Line]:
    """Lines in carts whose verdict rests on the facts of this subject."""
    return _resting_on(source, subject).filter(state=LineState.DRAFT)


def lines_awaiting_registers(source: str, subject: str) -> QuerySet[Line]:
    """Approved lines that wait for what the registers say of this subject."""
    return _resting_on(source, subject).filter(state__in=sorted(TO_BE_CLEARED))


def lines_awaiting_requirements(source: str, subject: str) -> QuerySet[Line]:
    """Lines that are paid for and wait for a requirement on this subject."""
    return _resting_on(source, subject).filter(state=LineState.AWAITING)


def lines_whose_clock_waits(source: str, subject: str) -> QuerySet[Line]:
    """Lines in review of which it is not known yet whether the requirements on this are met."""
    return _resting_on(source, subject).filter(state=LineState.IN_REVIEW, complete_at=None)


def subjects_of_open_lines(subjects: Collection[str]) -> list[str]:
    """Those of the subjects, companies or people, that an open line is about."""
    orgnrs = {each for each in subjects if each.isdigit()}
    whose = Q(orgnr__in=orgnrs) | Q(person__in=set(subjects) - orgnrs)
    lines = Line.objects.filter(whose, state__in=sorted(LINE_OPEN))
    found = {str(each) for pair in lines.values_list("orgnr", "person") for each in pair}
    return [subject for subject in subjects if subject in found]


def lines_awaiting_portrait(piece: str) -> QuerySet[Line]:
    """Approved lines whose card shall show this portrait."""
    return Line.objects.filter(portrait=UUID(piece), state__in=sorted(TO_BE_CLEARED))


def _resting_on(source: str, subject: str) -> QuerySet[Line]:
    lines = Line.objects.select_related("order__kind", "person")
    if subject.isdigit():  # an organisation number; a person's id never is
        return lines.filter(orgnr=subject)
    return lines.filter(person_id=subject)


def latest_order(orgnr: str) -> Order | None:
    """The company's last order that says where mail goes."""
    orders = Order.objects.filter(orgnr=orgnr).exclude(contact_email="")
    return orders.select_related("kind").order_by("-created_at").first()


def companies_with_news(now: datetime) -> list[str]:
    """Companies with changes of which they were not told, the first of them a moment ago."""
    untold = CardNews.objects.filter(told_at=None).values("orgnr").annotate(first=Min("at"))
    settled = untold.filter(first__lt=now - rules.NEWS_SETTLES)
    return list(settled.order_by("first").values_list("orgnr", flat=True)[:200])


def starts_on(verdict: Verdict) -> date | None:
    """The first day on which all requirements hold, where that is still ahead."""
    today = clock.today()
    first = next((first for first, last in verdict.valid_on if last is None or last >= today), None)
    return first if first and first > today else None


def lines_left_waiting(now: datetime) -> QuerySet[Line]:
    """Approved lines not judged for a minute, and held ones not judged for a day, oldest first."""
    minute, day = now - timedelta(minutes=1), now - timedelta(days=1)
    unmoved = Q(state=LineState.APPROVED, approved_at__lt=minute, verdict__at__lt=minute)
    held = Q(state=LineState.HELD, verdict__at__lt=day)  # a date may have come meanwhile
    return Line.objects.filter(unmoved | held).order_by("verdict__at")[:200]


def lines_to_ask_about_again(now: datetime) -> QuerySet[Line]:
    """Lines that wait for a requirement and were not judged for a day, oldest first."""
    before = now - rules.ASK_AGAIN_AFTER
    return Line.objects.filter(state=LineState.AWAITING, verdict__at__lt=before).order_by(
        "verdict__at"
    )[:200]


def lines_whose_reservation_ends(now: datetime) -> QuerySet[Line]:
    """Lines whose money would soon be given back by the bank without our doing."""
    return Line.objects.filter(reservation_ends(now), state__in=sorted(RELEASABLE))[:200]


def reservation_ends(now: datetime) -> Q:
    """Of a part of an order: what is reserved for it cannot wait any longer."""
    today = clock.oslo_date(now)
    invoiced = Q(order__payment__method=Method.INVOICE)
    return ~invoiced & Q(
        order__payment__reserved_at__lt=now - rules.reservation_ends_after(today)
    ) | invoiced & Q(
        order__payment__reserved_at__lt=now - rules.reservation_ends_after(today, by_invoice=True)
    )
