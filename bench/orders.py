"""*Mine ordre* of a company with many orders among very many: each sort, filter, search and page.

    python3 -m hmskort bench orders [--orders N] [--runs N]

One order in fifty is the company's. The limit is the best of some statements written by hand for
the same rows in the same tables, in the same run: plain, with the ids found first, and, for
searches, with the matches gathered first or looked for order by order. Both sides are the CPU time
of the database's process from the statement to its rows, the least of runs in turn, which other
work on the machine moves least. Beside it stand the blocks that the database touched, which nothing
else moves at all. The same is measured at a hundredth of the size first: neither may grow.
"""

import argparse
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
django.setup()

from _made_up import insert  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from hmskort.accounts import sessions  # noqa: E402
from hmskort.accounts.models import Access, ListedCompany, User  # noqa: E402
from hmskort.common import clock, paging  # noqa: E402
from orders.models import Order  # noqa: E402
from orders.my_orders import listing  # noqa: E402
from registers.models import Person  # noqa: E402

Figures = list[dict[str, Any]]
TARGET, TARGET_GROWTH, MOST_QUERIES = 1.3, 1.5, 8
SLOWER_THAN_NOISE_S = 0.0005  # a page of a few tenths of a millisecond is measured by its noise
SHARE = 50  # one order in so many is the company's
ORGNR = "810000000"
UNITS = [(f"82000000{n}", f"AVDELING {chr(65 + n)}") for n in range(8)]
SHOWN = """o.reference, o.dated_at, k.name_nb, k.name_nn, k.name_en, o.unit_name, o.people,
    o.total_ore, o.standing, u.name"""
PEOPLE = "md5('person' || {0})::uuid"


def fill(orders: int) -> None:
    """So many orders, with one to four people each, written as sets. The triggers are at rest."""
    people = orders // 4 + 1
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "TRUNCATE orders_order, orders_line, cards_card, registers_person, accounts_user,"
            " accounts_access, accounts_listedcompany CASCADE"
        )
        indexes = dropped(cursor, "orders_order", "orders_line")
    insert(
        "registers_person",
        {"id": PEOPLE.format("n"), "state": "'found'", "given_names": given("n"),
         "surname": surname("n"), "birth_date": "date '1970-01-01' + n % 9000", "sex": "'M'"},
        f"generate_series(0, {people - 1}) n",
    )  # fmt: skip
    insert(
        "accounts_user",
        {"id": "md5('user' || n)::uuid", "name": "'Bestiller ' || chr(65 + n % 26) || n",
         "language": "'nb'", "is_active": "true", "password": "''"},
        "generate_series(0, 99) n",
    )  # fmt: skip
    _orders(orders)
    _lines(orders, people)
    with connection.cursor() as cursor:
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def dropped(cursor: Any, *tables: str) -> list[str]:
    """The indexes that hold no constraint are gone until all rows are in; how to make them."""
    cursor.execute(
        """SELECT i.indexname, i.indexdef FROM pg_indexes i
        WHERE i.tablename = ANY(%s) AND NOT EXISTS (
            SELECT FROM pg_constraint c WHERE c.conindid = (i.schemaname || '.' || quote_ident(
                i.indexname))::regclass)""",
        [list(tables)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def letters(seed: str) -> str:
    """A reference, in the letters that references have."""
    return f"upper(translate(substr(md5({seed}), 1, 12), '01ae', 'ghjk'))"


def given(n: str) -> str:
    return f"'Ola ' || chr(65 + {n} % 26) || 'nders'"


def surname(n: str) -> str:
    """Some names are common: one in four begins with N."""
    return f"CASE WHEN {n} % 4 = 0 THEN 'Nordmann' ELSE 'Sjelden' || {n} % 5000 END"


def _orders(orders: int) -> None:
    mine = f"n < {orders // SHARE}"
    others = f"(830000000 + n % {max(orders // SHARE, 1)})::text"
    sent = "now() - make_interval(mins => (n * 37 % 1500000)::int)"
    insert(
        "orders_order",
        {
            "id": "md5('order' || n)::uuid",
            "reference": letters("'r' || n"),
            "orgnr": f"CASE WHEN {mine} THEN '{ORGNR}' ELSE {others} END",
            "company_name": "'FIRMA AS'",
            "unit_orgnr": "'82000000' || n % 8",
            "unit_name": "'AVDELING ' || chr(65 + (n % 8)::int)",
            "by_unit": "orders_folded('AVDELING ' || chr(65 + (n % 8)::int))",
            "kind_id": "CASE WHEN n % 10 = 3 THEN 'renhold' ELSE 'bygg' END",
            "state": """CASE WHEN n % 1000 = 7 THEN 'cancelled' WHEN n % 20 = 0 THEN 'submitted'
                ELSE 'completed' END""",
            "source": "(ARRAY['portal','portal','portal','api','kb4'])[1 + n % 5]",
            "method": "(ARRAY['nexi','nexi','vipps','invoice'])[1 + n % 4]",
            "orderer_id": "md5('user' || n % 100)::uuid",
            "by_orderer": "orders_folded('Bestiller ' || chr(65 + (n % 100 % 26)::int) || n % 100)",
            "language": "'nb'",
            "country_code": "'NO'",
            "created_at": f"{sent} - interval '1 hour'",
            "submitted_at": sent,
            "postage_net_ore": "3800",
            "postage_vat_ore": "950",
            "people": "CASE WHEN n % 5 = 0 THEN 4 ELSE 1 END",
            "cards_ore": "13000 * CASE WHEN n % 5 = 0 THEN 4 ELSE 1 END",
            "refused": "CASE WHEN n % 200 = 0 THEN 1 ELSE 0 END",
            "waiting": "CASE WHEN n % 100 = 20 THEN 1 ELSE 0 END",
        },
        f"generate_series(0, {orders - 1}) n",
    )


def _lines(orders: int, people: int) -> None:
    """The first line of each order, and three more in every fifth. Open ones are of one state."""
    lines = f"""(SELECT o.id, o.orgnr, o.state, n, i, n + i * {orders} AS k
        FROM generate_series(0, {orders - 1}) n
        JOIN orders_order o ON o.id = md5('order' || n)::uuid
        CROSS JOIN generate_series(0, 3) i WHERE i = 0 OR n % 5 = 0) l"""
    who = f"(k % {people})"
    insert(
        "orders_line",
        {
            "id": "md5('line' || k)::uuid",
            "reference": letters("'l' || k"),
            "order_id": "id",
            "position": "i + 1",
            "orgnr": "orgnr",
            "person_id": PEOPLE.format(who),
            "by_given_name": f"orders_folded({given(who)} || ' ' || {surname(who)})",
            "by_surname": f"orders_folded({surname(who)} || ' ' || {given(who)})",
            "state": """CASE WHEN state = 'submitted' AND i = 0 THEN
                CASE WHEN n % 200 = 0 THEN 'refused' WHEN n % 100 = 20 THEN 'held'
                ELSE 'in_review' END ELSE 'issued' END""",
            "purpose": "'new'",
            "name_known": "true",
            "price_net_ore": "10400",
            "price_vat_ore": "2600",
            "ended_at": "CASE WHEN state = 'submitted' AND i = 0 THEN NULL ELSE now() END",
        },
        lines,
    )
    insert(
        "cards_card",
        {"id": "md5('card' || l.id)::uuid", "kind_id": "'bygg'", "person_id": "l.person_id",
         "number": "(10000000 + row_number() OVER ())::text", "orgnr": "l.orgnr",
         "state": "'produced'", "current": "false", "sex": "'M'", "valid_on": "'{(,)}'",
         "birth_date": "current_date", "ordered_on": "current_date", "issued_on": "current_date",
         "expires_on": "current_date", "delivery": "'{}'", "issue_key": "l.id::text"},
        f"orders_line l WHERE l.state = 'issued' AND l.orgnr = '{ORGNR}'",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_line l SET card_id = c.id FROM cards_card c"
            " WHERE c.issue_key = l.id::text AND l.orgnr = %s", [ORGNR],
        )  # fmt: skip


@dataclass
class Case:
    """A page that is asked for. hand: the statement's condition and order, written by hand."""

    name: str
    wanted: dict[str, str]
    where: str = "true"
    order: str = "dated_at DESC, id DESC"
    lines: str = ""  # the condition on lines, of a search

    def by_hand(self) -> Iterable[tuple[str, str]]:
        """Ways to write it, by name."""
        base = f"o.orgnr = '{ORGNR}' AND o.standing < 7 AND {self.where}"
        order = ", ".join(f"o.{part}" for part in self.order.split(", "))
        joined = (
            "JOIN accounts_user u ON u.id = o.orderer_id"
            " JOIN registers_cardkind k ON k.code = o.kind_id"
        )
        end = f"ORDER BY {order} LIMIT 26"
        if not self.lines:
            yield "plain", f"SELECT {SHOWN} FROM orders_order o {joined} WHERE {base} {end}"
            yield (
                "ids first",
                (
                    f"WITH f AS MATERIALIZED (SELECT o.id FROM orders_order o WHERE {base} {end})"
                    f" SELECT {SHOWN} FROM f JOIN orders_order o USING (id) {joined} {end}"
                ),
            )
            return
        lines = (
            f"SELECT l.order_id FROM orders_line l JOIN orders_order h ON h.id = l.order_id"
            f" WHERE l.orgnr = '{ORGNR}' AND {self.lines}"
            " AND (l.ended_at IS NULL OR l.ended_at >= h.submitted_at)"
        )
        yield (
            "matches first",
            (
                f"WITH f AS MATERIALIZED ({lines}) SELECT {SHOWN} FROM orders_order o {joined}"
                f" WHERE {base} AND o.id IN (SELECT order_id FROM f) {end}"
            ),
        )
        yield (
            "order by order",
            (
                f"SELECT {SHOWN} FROM orders_order o {joined} WHERE {base}"
                f" AND EXISTS ({lines} AND l.order_id = o.id) {end}"
            ),
        )


def cases(user: User) -> list[Case]:
    """Every sort both ways, at its beginning and deep in it; every filter; every search."""
    columns = {"dato": "dated_at", "nummer": "reference", "type": "kind_id", "enhet": "by_unit",
               "bestiller": "by_orderer", "personer": "people", "sum": "total_ore",
               "status": "standing"}  # fmt: skip
    found = []
    for sort, column in columns.items():
        for sign in ("", "-"):
            way = " DESC" if sign else ""
            rest = [
                column,
                *(["dated_at"] if column not in {"dated_at", "reference"} else []),
                "id",
            ]
            order = ", ".join(part + way for part in rest)
            found.append(Case(f"{sign}{sort}", {"sorter": sign + sort}, order=order))
            found.append(_deep(sign + sort, rest, order))
    number = _one("SELECT number FROM cards_card WHERE orgnr = %s ORDER BY number DESC LIMIT 1")
    person = _one("SELECT person_id FROM orders_line WHERE orgnr = %s ORDER BY id LIMIT 1")
    reference = _one("SELECT reference FROM orders_order WHERE orgnr = %s ORDER BY id LIMIT 1")
    day = (clock.today().replace(month=1)).isoformat()
    name = "l.name_known AND (l.by_surname LIKE '{0}%' OR l.by_given_name LIKE '{0}%')"
    return [
        *found,
        Case("status: to be mended", {"status": "rettes"}, "o.standing = 1"),
        Case("status, by sum", {"status": "rettes", "sorter": "-sum"}, "o.standing = 1",
             "total_ore DESC, dated_at DESC, id DESC"),
        Case("kind", {"type": "renhold"}, "o.kind_id = 'renhold'"),
        Case("sub-unit", {"enhet": UNITS[3][0]}, f"o.unit_orgnr = '{UNITS[3][0]}'"),
        Case("source", {"kilde": "kb4"}, "o.source = 'kb4'"),
        Case("source nobody used", {"kilde": "app"}, "o.source = 'app'"),
        Case("payment", {"betaling": "invoice"}, "o.method = 'invoice'"),
        Case("mine", {"mine": "ja"}, f"o.orderer_id = '{user.pk}'"),
        Case("from a date", {"fra": day}, f"o.dated_at >= '{day}'::timestamp AT TIME ZONE"
             " 'Europe/Oslo'"),
        Case("name, common", {"q": "nord"}, lines=name.format("nord")),
        Case("name, rare", {"q": "Sjelden4999"}, lines=name.format("sjelden4999")),
        Case("name, nobody", {"q": "Finnes Ikke"}, lines=name.format("finnes ikke")),
        Case("name and status", {"q": "nord", "status": "rettes"}, "o.standing = 1",
             lines=name.format("nord")),
        Case("identity number", {"person": listing.token_for(ORGNR, person)},
             lines=f"l.person_id = '{person}'"),
        Case("card number", {"q": number}, lines=f"l.card_id = (SELECT id FROM cards_card WHERE"
             f" number = '{number}')"),
        Case("order number", {"q": reference}, f"o.reference = '{reference}'"),
    ]  # fmt: skip


def _one(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, [ORGNR])
        return cursor.fetchone()[0]


def _deep(sorter: str, columns: list[str], order: str) -> Case:
    """The page after the one in the middle of the list."""
    sort = listing.sort_of({"sorter": sorter})
    rows = Order.objects.filter(orgnr=ORGNR, standing__lt=7).order_by(*sort)
    row = rows[rows.count() // 2]
    side, place = "<" if sorter.startswith("-") else ">", []
    for column in columns:
        value = getattr(row, column)
        place.append(f"'{value}'" if not isinstance(value, int) else str(value))
    beyond = f"(o.{', o.'.join(columns)}) {side} ({', '.join(place)})"
    wanted = {"sorter": sorter, "etter": paging.cursor_of(row, sort)}
    return Case(f"{sorter}, deep in it", wanted, beyond, order)


def measured(each: Case, user: User, runs: int) -> dict[str, Any]:
    """Ours against the best by hand, in turn. The rows must be the same."""
    with CaptureQueriesContext(connection) as told:
        page = listing.page_of(ORGNR, user, each.wanted)
    ours = [one["sql"] for one in told]
    hand = dict(each.by_hand())
    expected = [row.reference for row in page.rows]
    for name, statement in hand.items():
        found = [row[0] for row in fetched(statement)][: paging.PER_PAGE]
        if found != expected:
            raise SystemExit(f"{each.name}: ours and {name} differ: {expected[:3]} {found[:3]}")
    seconds: dict[str, list[float]] = {"ours": [], **{name: [] for name in hand}}
    for _ in range(runs):
        seconds["ours"].append(sum(timed(statement) for statement in ours))
        for name, statement in hand.items():
            seconds[name].append(timed(statement))
    quickest = {name: min(each) for name, each in seconds.items()}
    mine = quickest.pop("ours")
    best = min(quickest, key=lambda name: quickest[name])
    return {
        "page": each.name,
        "ours": mine,
        "limit": quickest[best],
        "best": best,
        "blocks": sum(blocks(statement) for statement in ours),
        "limit_blocks": min(blocks(statement) for statement in hand.values()),
    }


def fetched(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def blocks(statement: str) -> int:
    """How many blocks the statement touches, in memory or not."""
    told = fetched(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}")
    plan = told[0][0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def timed(statement: str) -> float:
    """Seconds of CPU that the database's process takes for it."""
    before = on_the_cpu()
    fetched(statement)
    return on_the_cpu() - before


def on_the_cpu() -> float:
    """The seconds that the process behind our connection has run (Linux)."""
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return int(told.split()[0]) / 1e9


def the_user() -> User:
    """An orderer who leads the company."""
    user = User.objects.get(pk=_first_user())
    person = Person.objects.first()
    User.objects.filter(pk=user.pk).update(person=person)
    Access.objects.create(person=person, main_orgnr=ORGNR, source="role", role="DAGL")
    ListedCompany.objects.create(
        orgnr=ORGNR, name="FIRMA AS", subunits=[{"orgnr": o, "name": n} for o, n in UNITS]
    )
    return User.objects.get(pk=user.pk)


def _first_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5('user0')::uuid")
        return cursor.fetchone()[0]


def asked_by_pages(user: User) -> dict[str, int]:
    """How many questions each whole page asks, those for session, user and company among them."""
    client = Client(headers={"Accept-Language": "nb"})
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[sessions.BEGAN] = session[sessions.SEEN] = int(clock.now().timestamp())
    sessions.choose(session, ORGNR)
    session.save()
    asked = {}
    for name, address in {
        "the list": "/bestillinger/",
        "a search": "/bestillinger/?q=nord&sorter=-sum",
    }.items():
        client.get(address)
        with CaptureQueriesContext(connection) as told:
            response = client.get(address)
        if b'data-label="Bestilling"' not in response.content:
            raise SystemExit(f"{address} answers {response.status_code}")
        own = ("orders_", "registers_cardkind", "accounts_listedcompany")
        asked[f"{name}, in all"] = len(told)
        asked[name] = sum(any(table in one["sql"] for table in own) for one in told)
    return asked


def at_size(orders: int, runs: int) -> tuple[Figures, dict[str, int]]:
    started = time.perf_counter()
    fill(orders)
    user = the_user()
    print(f"\n{orders} orders, {orders // SHARE} of the company, made in "
          f"{time.perf_counter() - started:.0f} s; milliseconds", flush=True)  # fmt: skip
    print(f"{'':<26} {'ours':>8} {'limit':>8} {'ratio':>6} {'blocks':>7} {'limit':>7}  written")
    found = []
    for each in cases(user):
        figure = measured(each, user, runs)
        found.append(figure)
        print(f"{figure['page']:<26} {figure['ours'] * 1000:8.2f} {figure['limit'] * 1000:8.2f}"
              f" {figure['ours'] / figure['limit']:6.2f} {figure['blocks']:7}"
              f" {figure['limit_blocks']:7}  {figure['best']}", flush=True)  # fmt: skip
    asked = asked_by_pages(user)
    print(", ".join(f"{name}: {many} queries" for name, many in asked.items()), flush=True)
    return found, asked


def told(
    figures: list[dict[str, object]], small: list[dict[str, object]]
) -> list[dict[str, object]]:
    """The figures of the last line: each page against its limit and against the small table."""
    before = {figure["page"]: figure["ours"] for figure in small}
    blocks_before = {figure["page"]: figure["blocks"] for figure in small}
    lines = []
    for figure in figures:
        ours, limit, was = figure["ours"], figure["limit"], before[figure["page"]]
        lines.append(
            {
                "bench": f"orders: {figure['page']}",
                "ours_ms": round(ours * 1000, 2),
                "limit_ms": round(limit * 1000, 2),
                "ratio": round(ours / limit, 2),
                "target": TARGET,
                "small_ms": round(was * 1000, 2),
                "blocks": figure["blocks"],
                "limit_blocks": figure["limit_blocks"],
                "small_blocks": blocks_before[figure["page"]],
                "ok": ours <= limit * TARGET or ours - limit <= SLOWER_THAN_NOISE_S,
                "grows": ours > was * TARGET_GROWTH and ours - was > SLOWER_THAN_NOISE_S,
            }
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], prog="bench orders")
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=15, help="of limit and of ours, in turn")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    small, _ = at_size(max(options.orders // 100, 2_000), options.runs)
    large, asked = at_size(options.orders, options.runs)
    lines = told(large, small)
    for line in lines:
        if not line["ok"] or line["grows"]:
            print(f"misses: {line}")
    queries = {"bench": "orders: queries", **asked, "target": MOST_QUERIES,
               "ok": max(asked["the list"], asked["a search"]) <= MOST_QUERIES}  # fmt: skip
    print(json.dumps([queries, *lines]))


if __name__ == "__main__":
    main()
