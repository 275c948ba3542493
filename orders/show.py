"""How orders and lines are shown: states in words and colours, sums, steps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from cards.states import CardState
from hmskort.common import clock
from hmskort.common.money import VAT_PER_CENT, ZERO
from hmskort.common.templatetags.portal import dato
from orders import prices, queries, rules
from orders.actions.awaiting import may_wait, unmet_reasons
from orders.actions.checkout import missing_in
from orders.actions.surnames import surname_is_wrong
from orders.crediting.show import promise
from orders.delivery.queries import sleeves_read_with
from orders.evidence.models import Piece
from orders.evidence.reasons import reason_texts
from orders.models import Line, Order
from orders.payments.methods import Method
from orders.payments.models import LedgerEntry
from orders.payments.queries import booked
from orders.staff.listed import Counted, Employee, Stands, Told
from orders.states import LINE_DOCUMENTED, LineState, OrderStanding, OrderState
from registers.models import Person
from registers.requirements.findings import Found
from registers.requirements.texts import Explained, explain


@dataclass(frozen=True)
class Status:
    """A state in words and in the design system's colour."""

    label: str
    color: str


@dataclass(frozen=True)
class CartLine:
    """A person in the cart: what the registers say and which files are there."""

    line: Line
    name: str
    requirements: list[Explained]
    asking: bool
    outcome: str
    when_met: bool  # goes along although something is not met
    may_wait: bool  # what is not met may still come in order
    dead: bool
    surname: str  # named, asked for, or wrong
    unmet: list[Explained]  # those that must be mended, shown first
    files: list[tuple[str, Status]]
    missing: list[str]

    @property
    def ready(self) -> bool:
        return not self.missing

    @property
    def goes_along(self) -> bool:
        """Can be ordered, once the files are there."""
        return self.outcome != Found.NOT_MET or self.when_met


@dataclass(frozen=True)
class OrderLine:
    """A person in a sent order."""

    line: Line
    name: str
    status: Status
    note: str
    promise: str  # when the card is in the post, or what is given back because it was not
    why: list[str]
    unmet: list[Explained]
    can_withdraw: bool
    documented: bool  # there is a confirmation that the card is ordered


@dataclass(frozen=True)
class Sums:
    """What the order costs."""

    cards: int
    net_ore: int
    postage_ore: int
    vat_ore: int
    total_ore: int
    sleeves: int = 0
    sleeves_ore: int = 0
    sleeve_postage_ore: int = 0
    vat_per_cent: int = VAT_PER_CENT


def name_of(line: Line) -> str:
    """The person's name, or their place in the order until Folkeregisteret has answered."""
    return line.shown_name


def steps(current: str, order: Order | None = None) -> list[dict[str, str]]:
    """The stepper: where the order is, and links back to what is done."""
    flow = [
        ("people", _("Personer"), reverse("orders:start")),
        ("cart", _("Krav og filer"), order and reverse("orders:cart", args=[order.reference])),
        ("delivery", _("Levering"), order and reverse("orders:delivery", args=[order.reference])),
        ("pay", _("Kontroller og betal"), ""),
    ]
    at = [name for name, _label, _href in flow].index(current)
    state = {True: "done", False: "upcoming"}
    return [
        {
            "name": label,
            "href": (href or "") if name != "people" else (order and flow[1][2]) or "",
            "state": "current" if number == at else state[number < at],
        }
        for number, (name, label, href) in enumerate(flow)
    ]


def waits_until(order: Order) -> date:
    """The last day that what is reserved, or would be today, can wait for a register."""
    reserved_at = order.payment.reserved_at if order.payment else None
    at = reserved_at or clock.now()
    by_invoice = is_by_invoice(order)
    return clock.oslo_date(
        at + rules.reservation_ends_after(clock.oslo_date(at), by_invoice=by_invoice)
    )


def is_by_invoice(order: Order) -> bool:
    """Is the order, once it is sent, paid for by an invoice?"""
    return order.payment is not None and order.payment.method == Method.INVOICE


def sums(order: Order, lines: list[Line]) -> Sums:
    """The sums of the lines and the sleeves; a cart is shown with today's postage."""
    postage = order.postage
    if order.state == OrderState.CART:
        paid_for = any(line.purpose != prices.FREE for line in lines)
        postage = prices.postage(clock.today()) if paid_for else ZERO
    total = queries.total_of(lines, postage) if lines else ZERO
    sleeves = sleeves_read_with(order)
    if sleeves:
        total += sleeves.total
    return Sums(
        cards=len(lines),
        net_ore=sum(line.price_net_ore for line in lines),
        postage_ore=postage.net_ore if lines else 0,
        vat_ore=total.vat_ore,
        total_ore=total.gross_ore,
        sleeves=sleeves.quantity if sleeves else 0,
        sleeves_ore=sleeves.price.times(sleeves.quantity).net_ore if sleeves else 0,
        sleeve_postage_ore=sleeves.postage.net_ore if sleeves else 0,
    )


def moved(order: Order) -> list[tuple[str, int]]:
    """What has happened to the money, in words and øre; what has not happened is left out."""
    if order.payment is None:
        return []
    kinds = LedgerEntry.Kind
    words = {
        kinds.RESERVED: _("Reservert"),
        kinds.CAPTURED: _("Trukket"),
        kinds.RELEASED: _("Gitt tilbake av reservasjonen"),
        kinds.REFUNDED: _("Betalt tilbake"),
        kinds.PROMISED: _("Bestilt på faktura"),
        kinds.INVOICED: _("Godkjent for faktura"),
        kinds.WAIVED: _("Faktureres ikke"),
        kinds.CREDITED: _("Kreditert"),
    }
    sums = booked(order.payment)
    return [(word, sums[kind]) for kind, word in words.items() if sums[kind]]


def cart_line(line: Line) -> CartLine:
    """A line in the cart as it is shown."""
    requirements = _explained(line)
    outcome = line.verdict.outcome if line.verdict else str(Found.UNKNOWN)
    return CartLine(
        line=line,
        name=name_of(line),
        requirements=requirements,
        asking=any(requirement.asking for requirement in requirements),
        outcome=outcome,
        when_met=bool(line.order_when_met_at) and outcome == Found.NOT_MET and may_wait(line),
        may_wait=may_wait(line),
        dead="dead" in unmet_reasons(line),
        surname=surname_of(line),
        unmet=[row for row in requirements if row.found == Found.NOT_MET],
        files=_files(line),
        missing=missing_in(line),
    )


def surname_of(line: Line) -> str:
    """Whether the name is shown, the surname is asked for, or what was written is wrong."""
    if line.name_known or line.person.state != Person.State.FOUND:
        return "named"
    return "wrong" if surname_is_wrong(line) else "asked"


def order_line(line: Line) -> OrderLine:
    """A line of a sent order as it is shown."""
    pieces = [piece for piece in (line.portrait, line.signature, line.id_copy) if piece]
    refused = line.state == LineState.REFUSED
    return OrderLine(
        line=line,
        name=name_of(line),
        status=status_of(line),
        note=_note(line),
        promise=promise(line),
        why=[text for piece in pieces for text in reason_texts(piece)] if refused else [],
        unmet=[row for row in _explained(line) if row.found == Found.NOT_MET]
        if line.state in {LineState.AWAITING, LineState.HELD}
        else [],
        can_withdraw=line.state in queries.RELEASABLE,
        documented=line.state in LINE_DOCUMENTED,
    )


def status_of(line: Line) -> Status:
    """The line's state in words; an issued line shows the card's."""
    if line.state == LineState.ISSUED and line.card:
        return CARD_STATUS()[CardState(line.card.state)]
    return LINE_STATUS()[LineState(line.state)]


def LINE_STATUS() -> dict[LineState, Status]:  # noqa: N802 - a table, in the reader's language
    return {
        LineState.DRAFT: Status(_("I handlekurven"), "neutral"),
        LineState.AWAITING: Status(_("Venter på at kravet oppfylles"), "warning"),
        LineState.IN_REVIEW: Status(_("Til kontroll"), "info"),
        LineState.REFUSED: Status(_("Må rettes"), "danger"),
        LineState.APPROVED: Status(_("Godkjent – sjekker registrene"), "info"),
        LineState.HELD: Status(_("Venter på registrene"), "warning"),
        LineState.CLEARED: Status(_("Godkjent – betaling trekkes"), "info"),
        LineState.CAPTURED: Status(_("Betalt"), "info"),
        LineState.ISSUED: Status(_("Kort utstedt"), "success"),
        LineState.WITHDRAWN: Status(_("Trukket tilbake"), "neutral"),
        LineState.RELEASED: Status(_("Tilbake i handlekurven"), "neutral"),
    }


def CARD_STATUS() -> dict[CardState, Status]:  # noqa: N802 - a table, in the reader's language
    return {
        CardState.ISSUED: Status(_("Kortet lages"), "info"),
        CardState.PRODUCED: Status(_("Produsert"), "success"),
        CardState.BLOCKED: Status(_("Sperret"), "neutral"),
        CardState.LOST: Status(_("Tapt"), "danger"),
        CardState.SEIZED: Status(_("Inndratt"), "danger"),
        CardState.SHREDDED: Status(_("Makulert"), "neutral"),
    }


def order_status(order: Order) -> Status:
    """How the order stands, in words."""
    return STANDING()[OrderStanding(order.standing)]


def STANDING() -> dict[OrderStanding, Status]:  # noqa: N802 - a table, in the reader's language
    return {
        OrderStanding.TO_MEND: Status(_("Noe må rettes"), "danger"),
        OrderStanding.CART: Status(_("Handlekurv"), "neutral"),
        OrderStanding.PAYING: Status(_("Venter på betaling"), "warning"),
        OrderStanding.WAITING: Status(_("Venter på et register"), "warning"),
        OrderStanding.UNDER_WAY: Status(_("Under behandling"), "info"),
        OrderStanding.COMPLETED: Status(_("Ferdig behandlet"), "success"),
        OrderStanding.NOTHING: Status(_("Avbrutt"), "neutral"),
    }


def COLUMNS() -> dict[str, str]:  # noqa: N802 - a table, in the reader's language
    """The headings of the list of orders, by what they sort by."""
    return {
        "nummer": _("Bestilling"),
        "dato": _("Dato"),
        "type": _("Korttype"),
        "enhet": _("Underenhet"),
        "bestiller": _("Bestilt av"),
        "personer": _("Personer"),
        "sum": _("Sum"),
        "status": _("Status"),
    }


def SORTINGS() -> list[tuple[str, str]]:  # noqa: N802 - a table, in the reader's language
    """Every way to sort the list of orders, in words."""
    ways = [(_("%s, stigende"), ""), (_("%s, synkende"), "-")]
    return [
        (f"{sign}{name}", words % label)
        for name, label in COLUMNS().items()
        for words, sign in ways
    ]


@dataclass(frozen=True)
class ShownEmployee:
    """An employee as the list shows them. cells: by requirement."""

    one: Employee
    name: str
    status: Status
    cells: dict[str, Explained]
    selectable: bool
    picked: bool


def employee(one: Employee, *, company: list[Told], picked: Collection[str] = ()) -> ShownEmployee:
    """An employee as the list shows them. company: what was found of the company itself.

    picked: the ids of people who are ticked.
    """
    status = STANDS()[one.stands]
    unmet = any(finding["found"] == Found.NOT_MET for finding in [*company, *one.findings])
    if one.stands == Stands.CARD and unmet:
        status = Status(_("Har kort – ikke gyldig"), "danger")
    return ShownEmployee(
        one=one,
        name=one.person.name,
        status=status,
        cells={finding["requirement"]: explain(finding) for finding in one.findings},
        selectable=one.may_be_ordered_for,
        picked=str(one.person.pk) in picked,
    )


def columns_of(rows: list[ShownEmployee]) -> list[Explained]:
    """The requirements of people that the list has a column for, by what the first rows have."""
    return list({name: cell for row in rows for name, cell in row.cells.items()}.values())


def explained(found: list[Told]) -> list[Explained]:
    """Findings in words."""
    return [explain(finding) for finding in found]


def STANDS() -> dict[Stands, Status]:  # noqa: N802 - a table, in the reader's language
    return {
        Stands.READY: Status(_("Kan få kort"), "success"),
        Stands.MISSING: Status(_("Noe mangler"), "danger"),
        Stands.WAITING: Status(_("Venter på svar"), "warning"),
        Stands.ORDERED: Status(_("Er i en bestilling"), "info"),
        Stands.CARD: Status(_("Har kort"), "neutral"),
    }


def staff_filters(staff: Counted) -> list[tuple[str, str, int]]:
    """What the list can be narrowed to: value, words, and how many there are."""
    every = [("", _("Alle"), staff.total)]
    return every + [(str(s), status.label, staff.count(s)) for s, status in STANDS().items()]


def _explained(line: Line) -> list[Explained]:
    return [explain(finding) for finding in line.verdict.findings] if line.verdict else []


def _files(line: Line) -> list[tuple[str, Status]]:
    wanted = [(_("Portrett"), line.portrait)]
    if line.order.kind.signature_required:
        wanted.append((_("Signatur"), line.signature))
    wanted.append((_("Legitimasjonskopi"), line.id_copy))
    return [(name, _file_status(piece)) for name, piece in wanted]


def _file_status(piece: Piece | None) -> Status:
    if piece is None:
        return Status(_("Mangler"), "warning")
    return {
        Piece.State.UPLOADED: Status(_("Lastet opp"), "success"),
        Piece.State.APPROVED: Status(_("Godkjent"), "success"),
        Piece.State.REFUSED: Status(_("Må byttes"), "danger"),
    }[Piece.State(piece.state)]


def _note(line: Line) -> str:
    if line.state == LineState.HELD and line.verdict and line.verdict.outcome == Found.MET:
        starts_on = queries.starts_on(line.verdict) or clock.today()
        made_from = rules.issue_from(starts_on, clock.today())
        return _("Arbeidsforholdet begynner %(start)s. Kortet lages tidligst %(made)s.") % {
            "start": dato(starts_on),
            "made": dato(made_from),
        }
    notes: dict[str, str] = {
        LineState.AWAITING: _(
            "Et krav er ikke oppfylt. Når det er det, går bestillingen videre av seg selv. "
            "Skjer det ikke innen %s, gir vi beløpet tilbake, og personen ligger i handlekurven."
        )
        % dato(waits_until(line.order)),
        LineState.IN_REVIEW: _("En kontrollør ser på bilde, signatur og legitimasjon."),
        LineState.REFUSED: _("Bytt bare det som er avvist. Resten er beholdt.")
        if is_by_invoice(line.order)
        else _("Bytt bare det som er avvist. Beløpet er fortsatt reservert."),
        LineState.APPROVED: _("Vi spør registrene en siste gang før kortet lages."),
        LineState.HELD: _(
            "Et registerkrav er ikke oppfylt. Vi sjekker igjen når registeret endres."
        ),
    }
    return notes.get(line.state, "")
