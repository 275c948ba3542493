"""A portal full of made-up facts and cards, written as sets: what `reevaluate` measures on.

Companies of ten cards each, one in five of them a cleaning company. Most are in order; some
employments have ended or will, some companies are not registered for VAT, are exempt, deleted or
bankrupt, some people have died, come from outside the EEA or own the company they work in. Every
question has been answered. The same every time (`setseed`).
"""

from collections.abc import Mapping

from django.db import connection

PER_COMPANY = 10
NEUTRAL = {
    "boolean": "false",
    "jsonb": "'[]'",
    "character varying": "''",
    "text": "''",
    "timestamp with time zone": "now()",
}
PERSON = "md5('person' || n)::uuid"
ORGNR = "(800000000 + n / {0})::text"
ANSWERED = {"answered_at": "now() - interval '1 day'", "wanted_at": "now() - interval '2 days'"}


def fill(cards: int) -> None:
    """The database holds that many cards, as a former issuer made them, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what refers to what is known
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        cursor.execute("SELECT setseed(0.42)")
    companies = f"generate_series(0, {max(cards // PER_COMPANY, 1) - 1}) n"
    people = f"generate_series(0, {cards - 1}) n"
    _companies(companies)
    _people(people)
    _work()
    _questions()
    _cards()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def insert(table: str, values: Mapping[str, str], rows: str) -> None:
    """One row for each of `rows`, with something neutral where a column must have a value."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT column_name, data_type FROM information_schema.columns
            WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
                AND is_identity = 'NO'""",
            [table],
        )
        rest = {name: NEUTRAL.get(kind, "0") for name, kind in cursor.fetchall()}
        both = rest | dict(values)
        names = ", ".join(f'"{name}"' for name in both)
        told = ", ".join(both.values())
        statement = f"INSERT INTO {table} ({names}) SELECT {told} FROM {rows}"
        cursor.execute(statement)


def _companies(rows: str) -> None:
    insert(
        "registers_company",
        {
            "orgnr": ORGNR.format(1),
            "main_orgnr": ORGNR.format(1),
            "state": "CASE WHEN n % 211 = 0 THEN 'deleted' ELSE 'found' END",
            "deleted_on": "CASE WHEN n % 211 = 0 THEN current_date - 30 END",
            "name": "'FIRMA ' || n",
            "form": "(ARRAY['AS','AS','AS','AS','AS','AS','AS','ENK','NUF','DA'])[1 + n % 10]",
            "bankrupt": "n % 199 = 0",
            "vat_registered": "n % 25 <> 0",
            "in_foretaksregisteret": "n % 40 <> 0",
            "sector_code": "CASE WHEN n % 75 = 0 THEN '1110' ELSE '2100' END",
            "industries": """(CASE WHEN n % 101 = 0 THEN '["78.200"]'
                ELSE '["41.200"]' END)::jsonb""",
        },
        rows,
    )
    insert(
        "registers_approval",
        {"register": "'renholdsregisteret'", "orgnr": "orgnr", "main_orgnr": "orgnr",
         "status": "CASE WHEN right(orgnr, 2) = '07' THEN 'approved_without_employees' "
                   "WHEN right(orgnr, 2) = '12' THEN 'not_approved' "
                   "ELSE 'approved_with_employees' END"},
        "registers_company WHERE right(orgnr, 1) IN ('2', '7')",
    )  # fmt: skip
    insert(
        "registers_approval",
        {"register": "'bemanningsforetaksregisteret'", "orgnr": "orgnr", "main_orgnr": "orgnr",
         "status": "'approved'"},
        "registers_company WHERE industries ->> 0 = '78.200'",
    )  # fmt: skip
    insert(
        "registers_snapshot",
        {"register": "name", "read_at": "now()"},
        "unnest(ARRAY['renholdsregisteret', 'bemanningsforetaksregisteret']) name",
    )
    insert(
        "exemptions_exemption",
        {"kind_id": "'low_turnover'", "requirement": "'vat_registered'", "answer": "'exempt'",
         "orgnr": "orgnr", "from_on": "current_date - 90", "to_on": "current_date + 200",
         "granted_by": "'1'", "case_reference": "orgnr"},
        "registers_company WHERE NOT vat_registered AND right(orgnr, 2) = '50'",
    )  # fmt: skip


def _people(rows: str) -> None:
    insert(
        "registers_person",
        {
            "id": PERSON,
            "state": "'found'",
            "given_names": "'Ola ' || chr(65 + n % 26) || 'nders'",
            "surname": "'Nordmann' || n % 5000",
            "birth_date": "date '1955-01-01' + (n * 37 % 18000)",
            "sex": "'M'",
            "citizenships": """(ARRAY['["NOR"]','["NOR"]','["NOR"]','["NOR"]','["NOR"]','["NOR"]',
                '["NOR"]','["POL"]','["POL"]','["UKR"]'])[1 + n % 10]::jsonb""",
            "register_status": "CASE WHEN n % 97 = 0 THEN 'inaktiv' ELSE 'bosatt' END",
            "number_in_use": "true",
            "died_on": "CASE WHEN n % 499 = 0 THEN current_date - 9 END",
            "answered_at": "now()",
        },
        rows,
    )


EVERYBODY = f"""(SELECT p.id, p.given_names, p.surname, p.birth_date, p.citizenships, n,
    {ORGNR.format(PER_COMPANY)} AS orgnr
    FROM generate_series(0, (SELECT count(*) FROM registers_person) - 1) n
    JOIN registers_person p ON p.id = {PERSON}) everybody"""


def _work() -> None:
    work = {"person_id": "id", "orgnr": "orgnr", "main_orgnr": "orgnr", "kind": "'ordinaert'"}
    insert(
        "registers_employment",
        work | {
            "register_id": "'now' || n",
            "starts_on": "current_date - (n * 7 % 3000)::int - 1",
            "ends_on": "CASE WHEN n % 33 = 0 THEN current_date + 40 WHEN n % 35 = 0 THEN "
                       "current_date - 1 END",
        },
        f"{EVERYBODY} WHERE n % {PER_COMPANY} <> 0 AND n % 83 <> 0",
    )  # fmt: skip
    insert(
        "registers_employment",
        work | {
            "register_id": "'before' || n",
            "starts_on": "current_date - 5000",
            "ends_on": "current_date - 4000",
        },
        f"{EVERYBODY} WHERE n % 20 = 7",
    )  # fmt: skip
    insert(  # the first of each company leads or owns it, in some registers without a middle name
        "registers_role",
        {
            "orgnr": "e.orgnr", "surname": "e.surname", "birth_date": "e.birth_date",
            "code": "CASE c.form WHEN 'ENK' THEN 'INNH' WHEN 'DA' THEN 'DTPR' ELSE 'LEDE' END",
            "given_names": "CASE WHEN n % 40 = 0 THEN 'OLA' ELSE e.given_names END",
        },
        f"{EVERYBODY.removesuffix('everybody')} e JOIN registers_company c ON c.orgnr = e.orgnr"
        f" WHERE n % {PER_COMPANY} = 0",
    )  # fmt: skip
    insert(
        "registers_righttowork",
        {"person_id": "id", "access": "'yes'", "bound_to": "'general'",
         "starts_on": "current_date - 400", "ends_on": "current_date + (n % 900)::int - 20"},
        f"""{EVERYBODY} WHERE citizenships = '["UKR"]'""",
    )  # fmt: skip
    insert(
        "exemptions_exemption",
        {"kind_id": "'override'", "requirement": "'employed'", "answer": "'exempt'",
         "orgnr": "orgnr", "person_id": "id", "from_on": "current_date - 9",
         "to_on": "current_date + 80", "granted_by": "'1'", "confirmed_by": "'2'",
         "case_reference": "n::text"},
        f"{EVERYBODY} WHERE n % 249 = 0",
    )  # fmt: skip


def _questions() -> None:
    for source in ("enhetsregisteret", "roller"):
        insert(
            "registers_lookup",
            {"source": f"'{source}'", "subject": "orgnr", **ANSWERED},
            "registers_company",
        )
    for source in ("folkeregisteret", "aaregisteret", "udi"):
        insert(
            "registers_lookup",
            {"source": f"'{source}'", "subject": "id::text", **ANSWERED},
            "registers_person" + (""" WHERE citizenships = '["UKR"]'""" * (source == "udi")),
        )
    insert(
        "registers_lookup",
        {"source": "'oar'", "subject": "e.orgnr || ':' || id", **ANSWERED},
        f"{EVERYBODY.removesuffix('everybody')} e JOIN registers_company c"
        " ON c.orgnr = e.orgnr AND c.form = 'NUF'",
    )


def _cards() -> None:
    issued = "current_date - (e.n * 13 % 700)::int"
    insert(
        "cards_card",
        {
            "id": "md5('card' || e.n)::uuid", "number": "(1000000 + e.n)::text",
            "kind_id": "CASE WHEN right(e.orgnr, 1) IN ('2', '7') THEN 'renhold' ELSE 'bygg' END",
            "person_id": "e.id", "orgnr": "e.orgnr", "company_name": "c.name",
            "company_form": "c.form", "given_names": "e.given_names", "surname": "e.surname",
            "birth_date": "e.birth_date", "sex": "'M'", "current": "true",
            "state": "CASE WHEN e.n % 50 = 3 THEN 'blocked' ELSE 'produced' END",
            "ordered_on": issued, "issued_on": issued, "dispatched_on": issued,
            "expires_on": f"{issued} + 731",
            "valid_on": f"datemultirange(daterange({issued}, NULL))",
            "delivery": "'{}'", "issue_key": "'bench:' || e.n",
        },
        f"{EVERYBODY.removesuffix('everybody')} e JOIN registers_company c ON c.orgnr = e.orgnr",
    )  # fmt: skip
    insert(
        "public_check_entry",
        {"number": "number", "state": "CASE state WHEN 'blocked' THEN 'blocked' ELSE 'active' END",
         "kind_code": "kind_id", "company_name": "company_name", "orgnr": "orgnr",
         "ordered_on": "ordered_on", "expires_on": "expires_on", "valid_on": "valid_on"},
        "cards_card",
    )  # fmt: skip


TABLES = (
    "registers_company", "registers_person", "registers_employment", "registers_lookup",
    "registers_role", "registers_righttowork", "registers_approval", "registers_snapshot",
    "exemptions_exemption", "cards_card", "public_check_entry", "audit_event", "common_effect",
)  # fmt: skip
