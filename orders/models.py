"""How a card comes to be: an order with a line for each person."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Case, F, GeneratedField, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from hmskort.accounts.models import User
from hmskort.common import clock
from hmskort.common.money import Amount
from hmskort.common.references import new_reference
from orders.evidence.models import Piece
from orders.my_orders.counting import COUNTED, NAMED, SORTED
from orders.payments.methods import Method
from orders.payments.models import Payment
from orders.people.triggers import NO_SECOND_CARD
from orders.states import LINE_OPEN, LineState, OrderStanding, OrderState
from registers.models import CardKind, Person, Verdict


class Price(models.Model):
    """The price of a card kind, or of postage, from a date. Whole øre without VAT.

    The database holds that a price is never changed: the next one takes over.
    """

    item = models.CharField(max_length=30)  # a card kind's code, or "porto"
    since = models.DateField()
    net_ore = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["item", "-since"]
        verbose_name = _("pris")
        verbose_name_plural = _("priser")
        constraints = [models.UniqueConstraint(fields=["item", "since"], name="one_price_per_day")]
        triggers = [pgtrigger.Protect(name="price_stands", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.item} {self.since} {self.net_ore}"


STANDING = Case(
    When(
        Q(people__gt=0) | Q(sleeves_shown__gt=0),
        state="cart",
        then=Value(OrderStanding.CART.value),
    ),
    When(state="paying", then=Value(OrderStanding.PAYING.value)),
    When(state="submitted", refused__gt=0, then=Value(OrderStanding.TO_MEND.value)),
    When(state="submitted", waiting__gt=0, then=Value(OrderStanding.WAITING.value)),
    When(state="submitted", then=Value(OrderStanding.UNDER_WAY.value)),
    When(state="completed", then=Value(OrderStanding.COMPLETED.value)),
    default=Value(OrderStanding.NOTHING.value),
)
POSTED = F("postage_net_ore") + F("postage_vat_ore")
LISTED = Q(standing__lt=OrderStanding.NOTHING.value)


def _listed(name: str, *fields: str, include: tuple[str, ...] = ()) -> models.Index:
    """A company's orders in one of the ways in which they are listed."""
    return models.Index(
        fields=["orgnr", *fields, "id"], name=name, condition=LISTED, include=include
    )


class Order(models.Model):
    """What one company orders at one time. It is never deleted.

    The last fields are kept by the database itself: see `orders.my_orders.counting`.
    """

    class Source(models.TextChoices):
        PORTAL = "portal", _("portalen")
        KB4 = "kb4", _("papirskjema KB4")
        APP = "app", _("mobil")
        API = "api", _("fagsystem")
        DESK = "desk", _("kundesenteret")

    class Address(models.TextChoices):
        """Where the address came from; the order has its own copy all the same."""

        REGISTER = "register", _("Enhetsregisteret")  # a cart follows it
        BOOK = "book", _("adresseboken")
        OWN = "own", _("skrevet inn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    orgnr = models.CharField(max_length=9)  # of the main unit
    company_name = models.CharField(max_length=200)
    unit_orgnr = models.CharField(max_length=9, blank=True)  # the sub-unit that it is for
    unit_name = models.CharField(max_length=200, blank=True)
    buyer_reference = models.CharField(max_length=50, blank=True)  # theirs, for the invoice
    kind = models.ForeignKey(CardKind, on_delete=models.PROTECT)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in OrderState],
        default=OrderState.CART,
    )
    source = models.CharField(max_length=10, choices=Source, default=Source.PORTAL)
    orderer = models.ForeignKey(User, on_delete=models.PROTECT)
    contact_email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="nb")
    address_choice = models.CharField(max_length=8, choices=Address, blank=True)
    deliver_to = models.CharField(max_length=200, blank=True)  # the receiver's name
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country_code = models.CharField(max_length=2, default="NO")
    declaration_version = models.CharField(max_length=20, blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    postage_net_ore = models.PositiveIntegerField(default=0)
    postage_vat_ore = models.PositiveIntegerField(default=0)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    people = models.PositiveIntegerField(default=0, editable=False)  # who are in it now
    cards_ore = models.PositiveIntegerField(default=0, editable=False)  # of their cards, with VAT
    refused = models.PositiveIntegerField(default=0, editable=False)  # of them: to be mended
    waiting = models.PositiveIntegerField(default=0, editable=False)  # of them: for a register
    sleeves_shown = models.PositiveIntegerField(default=0, editable=False)  # how many are in it
    sleeves_ore = models.PositiveIntegerField(default=0, editable=False)  # with postage and VAT
    method = models.CharField(
        max_length=7, choices=Method, default="", blank=True, editable=False
    )  # of the payment
    by_orderer = models.CharField(max_length=200, default="", editable=False, db_collation="C")
    by_unit = models.CharField(max_length=200, default="", editable=False, db_collation="C")
    dated_at = GeneratedField(
        expression=Coalesce("submitted_at", "created_at"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    total_ore = GeneratedField(
        expression=Case(
            When(people=0, then=F("sleeves_ore")),
            default=F("cards_ore") + POSTED + F("sleeves_ore"),
            output_field=models.PositiveIntegerField(),
        ),
        output_field=models.PositiveIntegerField(),
        db_persist=True,
    )
    standing = GeneratedField(
        expression=STANDING, output_field=models.PositiveSmallIntegerField(), db_persist=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["orgnr", "-created_at"], name="order_of_company"),
            _listed(
                "order_by_date",
                "dated_at",
                include=("standing", "kind", "unit_orgnr", "source", "orderer", "method"),
            ),
            _listed("order_by_standing", "standing", "dated_at"),
            _listed("order_by_kind", "kind", "dated_at"),
            _listed("order_by_unit", "by_unit", "dated_at"),
            _listed("order_by_orderer", "by_orderer", "dated_at"),
            _listed("order_by_people", "people", "dated_at"),
            _listed("order_by_total", "total_ore", "dated_at"),
            _listed("order_by_reference", "reference"),
            models.Index(
                fields=["orderer", "orgnr", "dated_at", "id"],
                name="order_of_orderer",
                condition=LISTED,
            ),
        ]
        triggers = [SORTED]
        constraints = [
            models.UniqueConstraint(
                fields=["orgnr", "kind"],
                condition=models.Q(state="cart"),
                name="one_cart_per_company_and_kind",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def postage(self) -> Amount:
        return Amount(self.postage_net_ore, self.postage_vat_ore)


class Line(models.Model):
    """One person's card in an order. `reference` answers the public check until it has a number."""

    class Purpose(models.TextChoices):
        NEW = "new", _("nytt kort")
        RENEWAL = "renewal", _("fornyelse")
        LOST = "lost", _("erstatter tapt kort")
        DAMAGED = "damaged", _("erstatter ødelagt kort")
        FAULTY = "faulty", _("erstatter kort med feil")  # free of charge

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    orgnr = models.CharField(max_length=9)  # the order's, so the database can hold lines apart
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="lines")
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in LineState],
        default=LineState.DRAFT,
    )
    purpose = models.CharField(max_length=7, choices=Purpose, default=Purpose.NEW)
    replaces = models.ForeignKey(  # the card that this one takes over from
        Card, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stated_surname = models.CharField(  # as the orderer wrote it
        max_length=100, blank=True, default="", db_default=""
    )
    name_known = models.BooleanField(
        default=False, db_default=False
    )  # to the company: see `actions.surnames`
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, null=True, blank=True)
    portrait = models.ForeignKey(
        Piece, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signature = models.ForeignKey(
        Piece, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    id_copy = models.ForeignKey(
        Piece, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    price_net_ore = models.PositiveIntegerField(default=0)
    price_vat_ore = models.PositiveIntegerField(default=0)
    card = models.OneToOneField(Card, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # When the orderer asked that it goes along although a requirement is not met, and waits for it.
    order_when_met_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)  # when what it waited for was met
    in_review_since = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    # Since when it is paid, complete and met, and the last day on which its card is sent in time.
    complete_at = models.DateTimeField(null=True, blank=True)
    send_by = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The person's name as it is sought, both ways round; see `orders.my_orders.counting`.
    by_given_name = models.CharField(max_length=401, default="", editable=False, db_collation="C")
    by_surname = models.CharField(max_length=401, default="", editable=False, db_collation="C")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "orgnr"],
                condition=models.Q(state__in=sorted(LINE_OPEN)),
                name="one_open_line_per_person_and_company",
            ),
            models.UniqueConstraint(fields=["order", "position"], name="line_position"),
        ]
        indexes = [
            models.Index(
                fields=["in_review_since", "id"],
                name="line_in_review",
                condition=models.Q(state="in_review"),
            ),
            models.Index(
                fields=["send_by", "id"],
                name="line_promised",
                condition=models.Q(state__in=sorted(LINE_OPEN)) & ~models.Q(send_by=None),
            ),
            models.Index(fields=["orgnr", "by_given_name"], name="line_by_given_name"),
            models.Index(fields=["orgnr", "by_surname"], name="line_by_surname"),
        ]
        triggers = [NO_SECOND_CARD, *COUNTED, NAMED]

    def __str__(self) -> str:
        return self.reference

    @property
    def price(self) -> Amount:
        return Amount(self.price_net_ore, self.price_vat_ore)

    @property
    def known_name(self) -> str:
        """The person's name where the company may see it, else empty."""
        return self.person.name if self.name_known else ""

    @property
    def shown_name(self) -> str:
        """The person's name, or their place in the order while it may not be shown."""
        return self.known_name or gettext("Person %d") % self.position


class StaffCheck(models.Model):
    """A company asked which of its employees could have a card of a kind, and why not."""

    orgnr = models.CharField(max_length=9)  # of the main unit
    kind = models.ForeignKey(CardKind, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)  # when Aa-registeret last told who
    trouble = models.CharField(max_length=200, blank=True)  # why it gave no answer the last time
    answers = models.PositiveIntegerField(default=0)  # that were there when more was asked last
    # When somebody was judged last; the day that all are judged for, None once that may be another.
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_on = models.DateField(null=True, blank=True)
    company = models.JSONField(default=list, blank=True)  # what was found alike of everybody
    units = models.JSONField(default=dict, blank=True)  # where they work: orgnr, name

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["orgnr", "kind"], name="one_staff_check_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.orgnr} {self.kind_id}"

    @property
    def reading(self) -> bool:
        """Is an answer on who is employed still on its way?"""
        return self.read_at is None or self.read_at < self.asked_at


class StaffStanding(models.Model):
    """How one who is employed stands by what the registers told, for one kind of card.

    Whether they have a card or are in an order is not here: that is asked of cards and lines.
    """

    staff = models.ForeignKey(StaffCheck, on_delete=models.CASCADE, related_name="standings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by_name = models.CharField(max_length=420, db_collation="C")
    outcome = models.CharField(max_length=10)  # `registers.requirements.findings.Found`
    asking = models.BooleanField()  # an answer is on its way
    findings = models.JSONField()
    units = models.JSONField()  # orgnrs of where they work

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "person"], name="one_standing_per_employee")
        ]
        indexes = [
            models.Index(fields=["staff", "by_name", "person"], name="employee_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.person_id}"


class CardNews(models.Model):
    """A card's validity changed; its employer has been told of it, or will be."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    orgnr = models.CharField(max_length=9)
    was = models.CharField(max_length=20)  # the card's standing before
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "at"], name="one_news_per_change")]
        indexes = [
            models.Index(
                fields=["orgnr", "at"], name="news_to_tell", condition=models.Q(told_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.at:%Y-%m-%d %H:%M}"
