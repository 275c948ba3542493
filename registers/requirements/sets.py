"""The rules once more, over sets: many cases judged in one question to the database.

The rules in Python (`rules`, `work`, `approvals`, `findings`, and the exemptions') are the
definition, and what explains a verdict. This is the same for half a million cards at once; that
both say the same is held by `tests/registers/test_sets_and_rules.py`. What differs between kinds
of card stays data: the statement is put together from the requirements that a kind has in force.

A rule is an expression for the days on which the requirement holds, NULL where that is unknown.
Facts are taken as the last that is known, however old. Questions that turn out to be needed and
have never been asked are told, and count as asked.

One thing is left to Python: whether a role in a company is the person's, where birth dates agree
and the names are not written alike (`same_people`). SQL folds no letters as Python does.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection

from registers.bemanningsforetaksregisteret.answers import Status as Staffing
from registers.exemptions.rules import Holder, Role, has_role
from registers.questions import subject_of
from registers.renholdsregisteret.answers import MAY_ORDER
from registers.renholdsregisteret.answers import Status as Cleaning
from registers.requirements.approvals import CLEANING, HIRES_OUT_LABOUR, OWNERS, STAFFING
from registers.requirements.rules import DEAD_NUMBER, FORETAKSREGISTERET_FORMS
from registers.requirements.work import FOREIGN, FREE_TO_WORK, order_before_start
from registers.udi.answers import Access, Kind

ALWAYS, NEVER = "'{(,)}'::datemultirange", "'{}'::datemultirange"


def _days(first: str, last: str) -> str:
    """The days from and with one to and with another; NULL is without end, as are Python's ends."""
    return (
        f"CASE WHEN {last} < {first} THEN 'empty'::daterange ELSE daterange("
        f"nullif({first}, date '0001-01-01'), "
        f"CASE WHEN {last} < date '9999-12-30' THEN {last} END, '[]') END"
    )


ASKED_OF_PERSON = "LEFT JOIN registers_lookup {0} ON {0}.source = '{1}' AND {0}.subject = {2}"
PERSON = "s.person::text"
SEPARATED = " || ':' || "  # of a subject that is a company and a person
Required = Mapping[str, Sequence[str]]  # by kind, the names of its requirements in their order


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


# Within `companies`: c is the company as known (all NULL else), l the question about it, and
# cleaning, staffing its standing in the two files.
ASK_COMPANY = {"enhetsregisteret": "NOT c.asked"}
ASK_PERSON = {"folkeregisteret": "lf.id IS NULL"}
PERSON_KNOWN = "lf.answered_at IS NOT NULL AND p.state <> 'unknown'"
FREE = "jsonb_exists_any(p.citizenships, %(free_to_work)s)"
IS_FOREIGN = "coalesce(c.form = %(foreign)s, false)"
WORKS_HERE = "coalesce(w.days @> %(on)s OR w.comes_on <= %(soon)s, false)"
POSTED_HERE = "coalesce(o.days @> %(on)s OR o.comes_on <= %(soon)s, false)"
OWNER_ALONE = "c.cleaning = %(owners_alone)s AND c.form = ANY(%(owned_forms)s)"
UNCLEAR_PERMIT = "(r.access = %(unclear)s OR (r.access = %(yes)s AND r.bound_to <> %(general)s))"

Rules = Mapping[str, Rule]
RULES: Rules = {
    "company_exists": Rule(
        f"""CASE WHEN NOT c.known THEN NULL
            WHEN c.state = 'not_found' THEN {NEVER}
            WHEN c.deleted_on IS NOT NULL THEN datemultirange({_days("NULL::date", "(c.deleted_on - 1)")})
            WHEN c.bankrupt THEN {NEVER} ELSE {ALWAYS} END""",
        asks=ASK_COMPANY, of_company=True,
    ),
    "vat_registered": Rule(
        f"""CASE WHEN NOT c.known THEN NULL
            WHEN c.state <> 'not_found' AND c.deleted_on IS NULL AND c.vat_registered IS NULL THEN NULL
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
            WHEN EXISTS (SELECT FROM held h WHERE h.orgnr = s.orgnr AND h.person = s.person
                AND jsonb_exists(%(owners)s::jsonb -> c.form, h.code)) THEN {ALWAYS}
            ELSE {NEVER} END""",
        unclear="coalesce(c.cleaning = %(cleaning_unknown)s, false)",
        asks={**ASK_COMPANY, "roller": f"c.known AND {OWNER_ALONE} AND NOT c.roles_asked"},
    ),
    "person_exists": Rule(
        f"""CASE WHEN NOT ({PERSON_KNOWN}) THEN NULL
            WHEN p.state <> 'found' THEN {NEVER}
            WHEN p.birth_date IS NULL OR p.given_names || p.surname !~ '\\S' THEN NULL
            WHEN p.died_on IS NOT NULL THEN datemultirange({_days("NULL::date", "p.died_on")})
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
            ELSE datemultirange({_days("r.starts_on", "r.ends_on")}) END""",
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

# The parts of the statement. `cases` is given by whoever asks: see `judged`.
FACTS = """
files AS MATERIALIZED (  -- a register that is published whole has answered once its file was read
    SELECT bool_or(read_at IS NOT NULL) FILTER (WHERE register = %(cleaning)s) AS cleaning,
           bool_or(read_at IS NOT NULL) FILTER (WHERE register = %(staffing)s) AS staffing
    FROM registers_snapshot
), facts_of_companies AS MATERIALIZED (
    SELECT o.orgnr, o.kind, l.id IS NOT NULL AS asked, k.known,
           roles.id IS NOT NULL AS roles_asked, roles.answered_at IS NOT NULL AS roles_answered,
           u.state, u.form, u.deleted_on, u.bankrupt, u.vat_registered, u.in_foretaksregisteret,
           coalesce(u.industries ->> 0, '') AS industry,
           CASE WHEN files.cleaning THEN coalesce(cleaning.status, '') END AS cleaning,
           CASE WHEN files.staffing THEN coalesce(staffing.status, '') END AS staffing
    FROM (SELECT DISTINCT orgnr, kind FROM cases) o
    CROSS JOIN files
    LEFT JOIN registers_lookup l ON l.source = 'enhetsregisteret' AND l.subject = o.orgnr
    LEFT JOIN registers_company u ON u.orgnr = o.orgnr AND l.answered_at IS NOT NULL
    CROSS JOIN LATERAL (SELECT u.orgnr IS NOT NULL AS known) k
    LEFT JOIN registers_lookup roles ON roles.source = 'roller' AND roles.subject = o.orgnr
    LEFT JOIN registers_approval cleaning
        ON cleaning.register = %(cleaning)s AND cleaning.orgnr = o.orgnr
    LEFT JOIN registers_approval staffing
        ON staffing.register = %(staffing)s AND staffing.orgnr = o.orgnr
), held AS MATERIALIZED (  -- the roles that are the person's own
    SELECT DISTINCT s.orgnr, s.person, h.code
    FROM cases s
    JOIN registers_person p ON p.id = s.person
    JOIN registers_role h ON h.orgnr = s.orgnr AND h.birth_date = p.birth_date
    WHERE {alike} OR (h.id, p.id) IN (
        SELECT * FROM unnest(%(same_roles)s::bigint[], %(same_people)s::uuid[]))
)"""
# Names of letters that are written the same are the same names; of all others Python judges.
ALIKE = """(p.surname = h.surname AND p.given_names = h.given_names
        AND p.surname ~ '[A-Za-z]' AND p.given_names ~ '[A-Za-z]')"""
ROLES_TO_COMPARE = f"""
SELECT h.id, p.id, p.given_names, p.surname, h.given_names, h.surname, h.birth_date
FROM cases s
JOIN registers_person p ON p.id = s.person
JOIN registers_role h ON h.orgnr = s.orgnr AND h.birth_date = p.birth_date
WHERE NOT {ALIKE}"""
# A kind that names nothing asks for nothing; what is not known fulfils nothing (`rules.fits`).
FITS = """k.automatic
    AND (k.forms = '[]' OR jsonb_exists(k.forms, u.form))
    AND (k.sector_codes = '[]' OR jsonb_exists(k.sector_codes, u.sector_code))
    AND (k.municipalities = '[]' OR jsonb_exists(k.municipalities, u.municipality))
    AND (k.industries = '[]' OR EXISTS (
        SELECT FROM jsonb_array_elements_text(k.industries) begins
        WHERE starts_with(coalesce(u.industries ->> 0, ''), begins)))
    AND ((k.months_at_least IS NULL AND k.months_below IS NULL) OR coalesce((
        SELECT coalesce(k.months_at_least, 0) <= months
            AND (k.months_below IS NULL OR months < k.months_below)
        FROM (SELECT (extract(year FROM %(on)s) - extract(year FROM u.registered_on)) * 12
            + extract(month FROM %(on)s) - extract(month FROM u.registered_on)
            - (extract(day FROM %(on)s) < extract(day FROM u.registered_on))::int AS months) age
    ), false))"""
EXEMPTIONS = """
exempted AS (  -- by company, and where the exemption is personal, by person
    SELECT e.orgnr, coalesce(p.same_as_id, p.id) AS person, e.requirement, e.answer, {granted} AS days
    FROM exemptions_exemption e LEFT JOIN registers_person p ON p.id = e.person_id
    WHERE e.ended_at IS NULL AND e.orgnr IN (SELECT orgnr FROM facts_of_companies)
    UNION ALL
    SELECT u.orgnr, NULL, k.requirement, 'exempt', '(,)'::daterange
    FROM registers_company u
    JOIN exemptions_exemptionkind k ON k.roles = '[]' AND {fits}
    WHERE u.orgnr IN (SELECT orgnr FROM facts_of_companies)
    UNION ALL
    SELECT h.orgnr, h.person, k.requirement, 'exempt', '(,)'::daterange
    FROM held h
    JOIN registers_company u ON u.orgnr = h.orgnr
    JOIN exemptions_exemptionkind k ON jsonb_exists(k.roles, h.code) AND {fits}
), exempt AS MATERIALIZED (
    SELECT orgnr, person, {columns}
    FROM exempted WHERE requirement = ANY(%(requirements)s) GROUP BY orgnr, person
)"""
WORK = """
work AS (
    SELECT s.id, range_agg({days}) AS days,
           min(e.starts_on) FILTER (WHERE e.starts_on > %(on)s) AS comes_on
    FROM cases s JOIN registers_employment e ON e.person_id = s.person AND e.main_orgnr = s.orgnr
    GROUP BY s.id
), posted AS (
    SELECT s.id, range_agg({days}) AS days,
           min(e.starts_on) FILTER (WHERE e.starts_on > %(on)s) AS comes_on
    FROM cases s
    JOIN facts_of_companies c
        ON c.orgnr = s.orgnr AND c.kind = s.kind AND c.form = %(foreign)s
    JOIN registers_postedwork e ON e.person_id = s.person AND e.main_orgnr = s.orgnr
    GROUP BY s.id
)"""


def judged(required: Required, carried: Sequence[str]) -> str:
    """Common table expressions, the last of which is `judged`: what the rules find of each case.

    required: by kind of card, its requirements in their order. `cases` must stand before these
    expressions, with id, kind, person, orgnr and the columns carried along; its person is the one
    row that somebody's facts are in. `judged` has id, the carried columns and

    - days: on which all requirements hold,
    - not_met: the names of those that are not met that day, as JSON, in their order,
    - undecided: nothing is not met, and something is unknown,
    - unclear: a register's answer is neither a yes nor a no, and nobody has read it as one,
    - asks: questions that this rests on and nobody has asked, as `source subject`.

    Raises:
        KeyError: there is no such requirement.
    """
    rules = _rules_of(required)
    return ",".join(
        [
            FACTS.format(alike=ALIKE),
            _companies({name: rule for name, rule in rules.items() if rule.of_company}),
            _exemptions(rules),
            WORK.format(days=_days("e.starts_on", "e.ends_on")),
            _found(rules, carried),
            _judged(rules, required, carried),
        ]
    )


def _rules_of(required: Required) -> dict[str, Rule]:
    """Each rule that some kind has; one that not all have holds always for the others."""
    names = dict.fromkeys(name for each in required.values() for name in each)
    return {
        name: RULES[name]
        if all(name in each for each in required.values())
        else _where_required(name, RULES[name])
        for name in names
    }


def _where_required(name: str, rule: Rule) -> Rule:
    here = f"{'c' if rule.of_company else 's'}.kind = ANY(%(having_{name})s)"
    return replace(
        rule,
        days=f"CASE WHEN {here} THEN {rule.days} ELSE {ALWAYS} END",
        met=rule.met and f"(NOT {here} OR ({rule.met}))",
        unclear=f"({here} AND {rule.unclear})",
        asks={
            source: f"(s.kind = ANY(%(having_{name})s) AND {asks})"
            for source, asks in rule.asks.items()
        },
        joins=tuple(f"{join} AND {here}" for join in rule.joins),
    )


def parameters(required: Required, on: date) -> dict[str, Any]:
    """What the statement is given, beside what `cases` needs and what `same_people` found."""
    names = {name for each in required.values() for name in each}
    return {
        **{f"kind_{number}": kind for number, kind in enumerate(required)},
        **{f"having_{name}": [k for k, each in required.items() if name in each] for name in names},
        "on": on,
        "soon": on + order_before_start(on),
        "requirements": sorted(names),
        "cleaning": CLEANING,
        "staffing": STAFFING,
        "foreign": FOREIGN,
        "free_to_work": sorted(FREE_TO_WORK),
        "duty_forms": sorted(FORETAKSREGISTERET_FORMS),
        "dead_number": sorted(DEAD_NUMBER),
        "hires_out": HIRES_OUT_LABOUR,
        "staffing_unknown": str(Staffing.UNKNOWN),
        "staffing_approved": str(Staffing.APPROVED),
        "cleaning_unknown": str(Cleaning.UNKNOWN),
        "may_order": sorted(map(str, MAY_ORDER)),
        "owners_alone": str(Cleaning.APPROVED_WITHOUT_EMPLOYEES),
        "owned_forms": sorted(OWNERS),
        "owners": json.dumps({form: sorted(codes) for form, codes in OWNERS.items()}),
        "yes": str(Access.YES),
        "unclear": str(Access.UNCLEAR),
        "general": str(Kind.GENERAL),
    }


def same_people(cases: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The roles that are a person's though the names are not written alike, for the statement.

    cases: the common table expression of that name, with its parameters in `given`.
    """
    roles, people = [], []
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {cases} {ROLES_TO_COMPARE}", given)
        for role, person, given_names, surname, role_given, role_surname, born in cursor:
            who = Holder(given_names, surname, born)
            if has_role(who, [Role("", Holder(role_given, role_surname, born))], [""]):
                roles.append(role)
                people.append(person)
    return {"same_roles": roles, "same_people": people}


def _companies(rules: Rules) -> str:
    """What all cards of a kind in a company have in common is judged once."""
    columns = ["orgnr", "kind", "known", "asked", "roles_asked", "roles_answered", "form"]
    columns.append("cleaning")
    columns += [f"{rule.days} AS {name}" for name, rule in rules.items()]
    columns += [f"{rule.unclear} AS {name}_unclear" for name, rule in rules.items()]
    return f"""
companies AS MATERIALIZED (
    SELECT *, {_product(map(_known, rules))} AS company_days,
           {_any(map(_fails_plainly, rules))} AS company_fails,
           {_any(f"{name} IS NULL" for name in rules)} AS company_unknown
    FROM (SELECT {", ".join(columns)} FROM facts_of_companies c OFFSET 0) judged_alone
)"""


def _exemptions(names: Collection[str]) -> str:
    columns = ", ".join(
        f"range_agg(days) FILTER (WHERE requirement = '{name}' AND answer = '{answer}') AS {name}{as_}"
        for name in names
        for answer, as_ in (("exempt", ""), ("not_met", "_no"))
    )
    granted = _days("e.from_on", "e.to_on")
    return EXEMPTIONS.format(fits=FITS, granted=granted, columns=columns)


def _found(rules: Rules, carried: Sequence[str]) -> str:
    """Each requirement of each case as its rule finds it. OFFSET 0: found once, then combined."""
    columns = ["s.id", "s.kind", *(f"s.{name}" for name in carried)]
    columns += ["c.company_days", "c.company_fails", "c.company_unknown"]
    columns.append("(own.orgnr IS NULL AND all_.orgnr IS NULL) AS plain")
    for name, rule in rules.items():
        here = rule.of_company
        columns += [
            f"c.{name}" if here else f"{rule.days} AS {name}",
            f"c.{name}_unclear" if here else f"{rule.unclear} AS {name}_unclear",
            f"{_either(name)} AS {name}_exempt",
            f"{_either(f'{name}_no')} AS {name}_no",
            *([f"{rule.met} AS {name}_met"] if rule.met else []),
        ]
    columns.append(f"{_asks(rules)} AS asks")
    joins = [join for rule in rules.values() for join in rule.joins]
    newline = "\n    "
    return f"""
found AS (
    SELECT {f",{newline}    ".join(columns)}
    FROM cases s
    JOIN companies c ON c.orgnr = s.orgnr AND c.kind = s.kind
    JOIN registers_person p ON p.id = s.person
    {ASKED_OF_PERSON.format("lf", "folkeregisteret", PERSON)}
    {newline.join(joins)}
    LEFT JOIN exempt all_ ON all_.orgnr = s.orgnr AND all_.person IS NULL
    LEFT JOIN exempt own ON own.orgnr = s.orgnr AND own.person = s.person
    OFFSET 0
)"""  # noqa: S608 - our own text


def _judged(rules: Rules, required: Required, carried: Sequence[str]) -> str:
    """`findings.with_exemption`, `outcome` and `holds`. Few are exempt: the others cost less."""
    names, own = list(rules), [name for name, rule in rules.items() if not rule.of_company]
    unmet = " ".join(
        f"WHEN kind = %(kind_{number})s THEN ARRAY[{_names_of_failed(each)}]::text[]"
        for number, each in enumerate(required.values())
    )
    return f"""
judged AS (
    SELECT id, {"".join(f"{name}, " for name in carried)}days, asks,
           CASE WHEN fails THEN to_jsonb(array_remove(CASE {unmet} END, NULL))
                ELSE '[]' END AS not_met,
           NOT fails AND unknown AS undecided, unclear
    FROM (
        SELECT *,
            CASE WHEN plain THEN {_product(["company_days", *map(_known, own)])}
                 ELSE {_product(map(_exempted, names))} END AS days,
            CASE WHEN plain THEN {_any(["company_fails", *map(_fails_plainly, own)])}
                 ELSE {_any(map(_fails, names))} END AS fails,
            CASE WHEN plain THEN {_any(["company_unknown", *(f"{n} IS NULL" for n in own)])}
                 ELSE {_any(map(_unknown, names))} END AS unknown,
            {_any(map(_unclear, names))} AS unclear
        FROM found OFFSET 0
    ) weighed
)"""  # noqa: S608 - our own text


def _names_of_failed(names: Iterable[str]) -> str:
    return ", ".join(f"CASE WHEN {_fails(name)} THEN '{name}' END" for name in names)


def _either(column: str) -> str:
    """The days of the person's own exemption and of the company's; NULL where there is none."""
    return f"coalesce(own.{column} + all_.{column}, own.{column}, all_.{column})"


def _asks(rules: Rules) -> str:
    """An array of questions, NULL where there is none."""
    when: dict[str, list[str]] = {}
    for rule in rules.values():
        for source, condition in rule.asks.items():
            when.setdefault(source, []).append(condition)
    each = {source: _any(dict.fromkeys(conditions)) for source, conditions in when.items()}
    told = ", ".join(
        f"CASE WHEN {condition} THEN '{source} ' || "
        f"{subject_of(source, person='s.person', orgnr='s.orgnr').replace(':', SEPARATED)} END"
        for source, condition in each.items()
    )
    return f"CASE WHEN {_any(each.values())} THEN array_remove(ARRAY[{told}], NULL) END"


def _met(name: str) -> str:
    return f"{name}_met" if RULES[name].met else f"coalesce({name} @> %(on)s, false)"


def _excused(name: str) -> str:
    return f"coalesce({name}_exempt @> %(on)s, false)"


def _read_as_no(name: str) -> str:
    """A caseworker has read the register's unclear answer as a no."""
    return f"({name}_unclear AND coalesce({name}_no @> %(on)s, false))"


def _fails_plainly(name: str) -> str:
    return f"({name} IS NOT NULL AND NOT {_met(name)})"


def _fails(name: str) -> str:
    says_no = f"({name} IS NOT NULL OR {_read_as_no(name)})"
    return f"(NOT {_met(name)} AND NOT {_excused(name)} AND {says_no})"


def _unknown(name: str) -> str:
    return f"({name} IS NULL AND NOT {_excused(name)} AND NOT {_read_as_no(name)})"


def _unclear(name: str) -> str:
    return f"({name}_unclear AND NOT {_excused(name)} AND NOT {_read_as_no(name)})"


def _known(name: str) -> str:
    return f"coalesce({name}, {NEVER})"


def _exempted(name: str) -> str:
    return f"coalesce({name} + {name}_exempt, {name}_exempt, {name}, {NEVER})"


def _product(days: Iterable[str]) -> str:
    return " * ".join(days) or ALWAYS


def _any(conditions: Iterable[str]) -> str:
    """In brackets, so that it may be negated or joined."""
    return f"({' OR '.join(conditions) or 'false'})"
