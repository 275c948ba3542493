"""What is known when the storm is over: our rows, and what the simulated world says for itself."""

from collections import Counter
from dataclasses import dataclass, field

from tests.processes.portal import Portal
from tests.processes.storm.eyes import Eyes

Row = dict


@dataclass
class Evidence:
    """All that the invariants are asked of. Amounts in øre with VAT."""

    accepted: set[str]  # orders whose receipt somebody saw
    late: set[str]  # orders whose last day to send cards was over
    kills: int  # of who may have had a message in hand
    at_once: int  # messages that one kill may have caught
    orders: dict[str, Row] = field(default_factory=dict)  # by reference
    lines: dict[str, Row] = field(default_factory=dict)
    payments: dict[str, Row] = field(default_factory=dict)  # ours, by the service's id
    books: dict[str, Row] = field(default_factory=dict)  # the payment service's own, by its id
    ledger: dict[str, Counter] = field(default_factory=dict)  # sums by kind, by the service's id
    written: set[str] = field(default_factory=set)  # keys of messages
    arrived: Counter = field(default_factory=Counter)  # of each key, in the inbox of the world
    history: dict[tuple[str, str], list[Row]] = field(default_factory=dict)  # by kind and id
    waiting: list[str] = field(default_factory=list)  # what has not come to rest


ORDERS = """SELECT o.reference, o.id::text AS id, o.state, p.provider_id AS payment,
    o.postage_net_ore + o.postage_vat_ore AS postage FROM orders_order o
    LEFT JOIN payments_payment p ON p.id = o.payment_id"""
LINES = """SELECT l.reference, l.id::text AS id, o.reference AS order, l.state,
    l.price_net_ore AS net, l.price_net_ore + l.price_vat_ore AS price, c.number AS card
    FROM orders_line l JOIN orders_order o ON o.id = l.order_id
    LEFT JOIN cards_card c ON c.id = l.card_id"""
PAYMENTS = """SELECT id::text AS id, reference AS order, state, provider_id, amount_ore AS amount
    FROM payments_payment WHERE provider_id <> ''"""
LEDGER = """SELECT p.provider_id, e.kind, sum(e.amount_ore) FROM payments_ledgerentry e
    JOIN payments_payment p ON p.id = e.payment_id GROUP BY p.provider_id, e.kind"""
HISTORY = """SELECT subject_type, subject_id, name, data FROM audit_event
    WHERE subject_type IN ('orders.order', 'orders.line', 'payments.payment') ORDER BY id"""
# Everything that must still happen by itself: effects, operations, questions, lines between states.
WAITING = """SELECT 'effect ' || event || ' ' || state FROM common_effect
        WHERE state <> 'done' AND (attempts > 0 OR due_at <= now())
    UNION ALL SELECT 'operation ' || key FROM payments_operation WHERE state = 'wanted'
    UNION ALL SELECT 'question ' || source FROM registers_lookup WHERE due_at <= now()
    UNION ALL SELECT 'line ' || reference || ' ' || state FROM orders_line
        WHERE state IN ('approved', 'cleared', 'captured')
    UNION ALL SELECT 'webhook ' || (body->'body'->>'event') FROM simulators_document
        WHERE collection = 'nexi.webhooks' AND body->>'state' = 'waiting'
    UNION ALL SELECT 'order ' || o.reference FROM orders_order o
        JOIN payments_payment p ON p.id = o.payment_id
        WHERE o.state = 'paying' AND p.state = 'reserved'"""


def waiting(eyes: Eyes) -> list[str]:
    """What has not come to rest yet."""
    return eyes.column(WAITING)


def gather(portal: Portal, eyes: Eyes, **known: object) -> Evidence:
    """The evidence as it stands now."""
    found = Evidence(**known)
    found.orders = {row["reference"]: row for row in _rows(eyes, ORDERS)}
    found.lines = {row["reference"]: row for row in _rows(eyes, LINES)}
    found.payments = {row["provider_id"]: row for row in _rows(eyes, PAYMENTS)}
    for payment, kind, amount in eyes.rows(LEDGER):
        found.ledger.setdefault(payment, Counter())[kind] = int(amount)
    found.books = {key: _book(portal, key) for key in _keys_of_books(eyes)}
    found.written = set(eyes.column("SELECT key FROM notifications_message"))
    found.arrived = Counter(_arrivals(eyes))
    for kind, subject, name, data in eyes.rows(HISTORY):
        found.history.setdefault((kind, subject), []).append({"name": name, **data})
    found.waiting = waiting(eyes)
    return found


NAMES = {
    ORDERS: ("reference", "id", "state", "payment", "postage"),
    LINES: ("reference", "id", "order", "state", "net", "price", "card"),
    PAYMENTS: ("id", "order", "state", "provider_id", "amount"),
}


def _rows(eyes: Eyes, sql: str) -> list[Row]:
    return [dict(zip(NAMES[sql], row, strict=True)) for row in eyes.rows(sql)]


def _keys_of_books(eyes: Eyes) -> list[str]:
    """Every payment that the service knows, whether or not we do."""
    sql = "SELECT key FROM simulators_document WHERE collection = 'nexi.payments'"
    return eyes.column(sql)


def _book(portal: Portal, payment: str) -> Row:
    """What the payment service's own books hold, as it shows them."""
    address = f"{portal.site.simulators_url}/nexi/_books/{payment}.json"
    return portal.http.get(address).raise_for_status().json()


def _arrivals(eyes: Eyes) -> list[str]:
    """The key of each mail that arrived, as often as it did."""
    sql = "SELECT body->'headers'->>'X-Message-Key' FROM simulators_feeditem WHERE feed = 'inbox'"
    return [key for key in eyes.column(sql) if key]
