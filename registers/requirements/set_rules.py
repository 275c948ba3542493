"""Each requirement once more, as SQL: what `sets` puts together into one statement.

An expression stands beside the rule in Python of the same name, and says the same. In `companies`,
c is a company as it is known; in `found` beside it s the case, p the person, w and o the person's
work there, h the person's roles there, l.. the questions about them (f: Folkeregisteret,
a: Aa-registeret, o: OAR, u: UDI).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ALWAYS, NEVER = "'{(,)}'::datemultirange", "'{}'::datemultirange"


def days(first: str, last: str) -> str:
    """The days from and with one to and with another; NULL is without end, as are Python's ends."""
    return (
        f"CASE WHEN {last} < {first} THEN 'empty'::daterange ELSE daterange("
        f"nullif({first}, date '0001-01-01'), "
        f"CASE WHEN {last} < date '9999-12-30' THEN {last} END, '[]') END"
    )


ASKED_OF_PERSON = "LEFT JOIN registers_lookup {0} ON {0}.source = '{1}' AND {0}.subject = {2}"
PERSON = "s.person::text"


@dataclass(frozen=True)
class Rule:
    """A requirement as SQL. days: NULL where it is unknown; met: that day, where days do not tell.

    unclear: the register has answered neither yes nor no. asks: a question that this rests on and
    nobody has asked, by source. of_company: the same for everybody in the company. joins: what
    else the expressions need.
    """

    days: str
    met: str = ""
    unclear: str = "false"
    asks: Mapping[str, str] = field(default_factory=dict)
    of_company: bool = False
    joins: tuple[str, ...] = ()


ASK_COMPANY = {"enhetsregisteret": "NOT c.asked"}
ASK_PERSON = {"folkeregisteret": "lf.id IS NULL"}
PERSON_KNOWN = "lf.answered_at IS NOT NULL AND p.state <> 'unknown'"
FREE = "jsonb_exists_any(p.citizenships, %(free_to_work)s)"
IS_FOREIGN = "coalesce(c.form = %(foreign)s, false)"
WORKS_HERE = "coalesce(w.days @> %(on)s OR w.comes_on <= %(soon)s, false)"
POSTED_HERE = "coalesce(o.days @> %(on)s OR o.comes_on <= %(soon)s, false)"
OWNER_ALONE = "c.cleaning = %(owners_alone)s AND c.form = ANY(%(owned_forms)s)"
THEIR_ROLES = """LEFT JOIN (
        SELECT orgnr, person, array_agg(code) AS codes FROM held GROUP BY orgnr, person
    ) h ON h.orgnr = s.orgnr AND h.person = s.person"""
DELETED = f"datemultirange({days('NULL::date', '(c.deleted_on - 1)')})"
UNCLEAR_PERMIT = "(r.access = %(unclear)s OR (r.access = %(yes)s AND r.bound_to <> %(general)s))"

Rules = Mapping[str, Rule]
RULES: Rules = {
    "company_exists": Rule(
        f"""CASE WHEN NOT c.known THEN NULL
            WHEN c.state = 'not_found' THEN {NEVER}
            WHEN c.deleted_on IS NOT NULL THEN {DELETED}
            WHEN c.bankrupt THEN {NEVER} ELSE {ALWAYS} END""",
        asks=ASK_COMPANY, of_company=True,
    ),
    "vat_registered": Rule(
        f"""CASE WHEN NOT c.known THEN NULL
            WHEN c.state <> 'not_found' AND c.deleted_on IS NULL AND c.vat_registered IS NULL
                THEN NULL
            WHEN c.vat_registered THEN {ALWAYS} ELSE {NEVER} END""",
        asks=ASK_COMPANY, of_company=True,
    ),
    "in_foretaksregisteret": Rule(
        f"""CASE WHEN NOT c.known THEN NULL
            WHEN c.in_foretaksregisteret THEN {ALWAYS}
            WHEN c.state <> 'not_found' AND c.form <> ALL(%(duty_forms)s) THEN {ALWAYS}
            ELSE {NEVER} END""",
        asks=ASK_COMPANY, of_company=True,
    ),
    "staffing_approved": Rule(
        f"""CASE WHEN NOT c.known THEN NULL
            WHEN NOT starts_with(c.industry, %(hires_out)s) THEN {ALWAYS}
            WHEN c.staffing IS NULL OR c.staffing = %(staffing_unknown)s THEN NULL
            WHEN c.staffing = %(staffing_approved)s THEN {ALWAYS} ELSE {NEVER} END""",
        unclear="c.known AND starts_with(c.industry, %(hires_out)s)"
                " AND coalesce(c.staffing = %(staffing_unknown)s, false)",
        asks=ASK_COMPANY, of_company=True,
    ),
    "cleaning_approved": Rule(
        f"""CASE WHEN c.cleaning IS NULL OR c.cleaning = %(cleaning_unknown)s THEN NULL
            WHEN c.cleaning <> ALL(%(may_order)s) THEN {NEVER}
            WHEN c.cleaning <> %(owners_alone)s THEN {ALWAYS}
            WHEN NOT c.known THEN NULL
            WHEN c.form <> ALL(%(owned_forms)s) THEN {ALWAYS}
            WHEN NOT c.roles_answered THEN NULL
            WHEN jsonb_exists_any(%(owners)s::jsonb -> c.form, h.codes) THEN {ALWAYS}
            ELSE {NEVER} END""",
        unclear="coalesce(c.cleaning = %(cleaning_unknown)s, false)",
        asks={**ASK_COMPANY, "roller": f"c.known AND {OWNER_ALONE} AND NOT c.roles_asked"},
        joins=(THEIR_ROLES,),
    ),
    "person_exists": Rule(
        f"""CASE WHEN NOT ({PERSON_KNOWN}) THEN NULL
            WHEN p.state <> 'found' THEN {NEVER}
            WHEN p.birth_date IS NULL OR p.given_names || p.surname !~ '\\S' THEN NULL
            WHEN p.died_on IS NOT NULL THEN datemultirange({days("NULL::date", "p.died_on")})
            WHEN p.register_status = ANY(%(dead_number)s) OR NOT p.number_in_use THEN {NEVER}
            ELSE {ALWAYS} END""",
        asks=ASK_PERSON,
    ),
    # Whoever is not employed where nobody asked for the roles is unknown until they are answered.
    "employed": Rule(
        f"""CASE WHEN la.answered_at IS NULL THEN NULL
            WHEN {WORKS_HERE} OR ({IS_FOREIGN} AND lo.answered_at IS NOT NULL)
                THEN coalesce(w.days, {NEVER}) + CASE WHEN lo.answered_at IS NOT NULL
                    THEN coalesce(o.days, {NEVER}) ELSE {NEVER} END
            WHEN {IS_FOREIGN} OR (w.id IS NULL AND NOT c.roles_answered) THEN NULL
            ELSE coalesce(w.days, {NEVER}) END""",
        met=f"la.answered_at IS NOT NULL AND ({WORKS_HERE}"
            f" OR ({IS_FOREIGN} AND lo.answered_at IS NOT NULL AND {POSTED_HERE}))",
        asks={
            **ASK_COMPANY,
            "aaregisteret": "la.id IS NULL",
            "oar": f"la.answered_at IS NOT NULL AND {IS_FOREIGN} AND lo.id IS NULL"
                   f" AND NOT {WORKS_HERE}",
            "roller": f"la.answered_at IS NOT NULL AND NOT {IS_FOREIGN} AND NOT c.roles_asked"
                      f" AND NOT {WORKS_HERE}",
        },
        joins=(
            ASKED_OF_PERSON.format("la", "aaregisteret", PERSON),
            "LEFT JOIN work w ON w.id = s.id",
            ASKED_OF_PERSON.format("lo", "oar", "s.orgnr || ':' || s.person")
            + " AND c.form = %(foreign)s",
            "LEFT JOIN posted o ON o.id = s.id",
        ),
    ),
    "may_work_in_norway": Rule(
        f"""CASE WHEN NOT ({PERSON_KNOWN}) THEN NULL
            WHEN {FREE} THEN {ALWAYS}
            WHEN lu.answered_at IS NULL OR r.person_id IS NULL OR {UNCLEAR_PERMIT} THEN NULL
            WHEN r.access <> %(yes)s THEN {NEVER}
            ELSE datemultirange({days("r.starts_on", "r.ends_on")}) END""",
        unclear=f"{PERSON_KNOWN} AND NOT {FREE} AND lu.answered_at IS NOT NULL"
                f" AND coalesce({UNCLEAR_PERMIT}, false)",
        asks={
            **ASK_PERSON,
            "udi": f"{PERSON_KNOWN} AND p.state = 'found' AND NOT {FREE} AND lu.id IS NULL",
        },
        joins=(
            ASKED_OF_PERSON.format("lu", "udi", PERSON),
            "LEFT JOIN registers_righttowork r ON r.person_id = s.person",
        ),
    ),
}  # fmt: skip
