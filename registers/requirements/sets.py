"""The rules once more, over sets: many cases judged in one question to the database.

The rules in Python (`rules`, `work`, `approvals`, `findings`, and the exemptions') are the
definition, and what explains a verdict. This is the same for half a million cards at once; that
both say the same is held by `tests/registers/test_sets_and_rules.py`. What differs between kinds
of card stays data: the statement is put together from the requirements that a kind has in force.

A rule (`set_rules`) is an expression for the days on which the requirement holds, NULL where that
is unknown. Facts are taken as the last that is known, however old. Questions that turn out to be
needed and have never been asked are told, and count as asked.

One thing is left to Python: whether a role in a company is the person's, where birth dates agree
and the names are not written alike (`same_people`). SQL folds no letters as Python does.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
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
from registers.requirements.set_rules import (
    ALWAYS,
    ASKED_OF_PERSON,
    NEVER,
    PERSON,
    RULES,
    Rule,
    Rules,
    days,
)
from registers.requirements.work import FOREIGN, FREE_TO_WORK, is_any_unit, order_before_start
from registers.udi.answers import Access, Kind

SEPARATED = " || ':' || "  # of a subject that is a company and a person
Required = Mapping[str, Sequence[str]]  # by kind, the names of its requirements in their order

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
    WHERE {alike} OR (p.id, h.orgnr, h.given_names, h.surname) IN (
        SELECT * FROM unnest(%(same_people)s::uuid[], %(same_orgnrs)s::text[],
            %(same_given_names)s::text[], %(same_surnames)s::text[]))
)"""
# Names of letters that are written the same are the same names; of all others Python judges.
ALIKE = """(p.surname = h.surname AND p.given_names = h.given_names
        AND p.surname ~ '[A-Za-z]' AND p.given_names ~ '[A-Za-z]')"""
ROLES_TO_COMPARE = f"""
SELECT p.id, p.given_names, p.surname, h.orgnr, h.given_names, h.surname, h.birth_date
FROM cases s
JOIN registers_person p ON p.id = s.person
JOIN registers_role h ON h.orgnr = s.orgnr AND h.birth_date = p.birth_date
WHERE NOT {ALIKE}"""  # noqa: S608 - our own text
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
    SELECT e.orgnr, coalesce(p.same_as_id, p.id) AS person, e.requirement, e.answer,
           {granted} AS days
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
    WHERE %(any_unit)s OR s.unit = '' OR e.orgnr = s.unit
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
    expressions, with id, kind, person, orgnr, unit and the columns carried along; its person is the
    one row that somebody's facts are in. `judged` has id, the carried columns and

    - days: on which all requirements hold,
    - not_met: the names of those that are not met that day, as JSON, in their order,
    - undecided: nothing is not met, and something is unknown,
    - unknown_names: of what is unknown; decided_days: on which all the rest holds, where undecided,
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
            WORK.format(days=days("e.starts_on", "e.ends_on")),
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
        "any_unit": is_any_unit(on),
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

    By what they say: a register that is answered meanwhile stores the same roles as new rows.
    cases: the common table expression of that name, with its parameters in `given`.
    """
    same = []
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {cases} {ROLES_TO_COMPARE}", given)
        for person, given_names, surname, orgnr, role_given, role_surname, born in cursor:
            who = Holder(given_names, surname, born)
            if has_role(who, [Role("", Holder(role_given, role_surname, born))], [""]):
                same.append((person, orgnr, role_given, role_surname))
    names = ("same_people", "same_orgnrs", "same_given_names", "same_surnames")
    return {name: [each[at] for each in same] for at, name in enumerate(names)}


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
)"""  # noqa: S608 - our own text


def _exemptions(names: Collection[str]) -> str:
    only = "range_agg(days) FILTER (WHERE requirement = '{0}' AND answer = '{1}') AS {0}{2}"
    answers = (("exempt", ""), ("not_met", "_no"))
    columns = ", ".join(only.format(name, *answer) for name in names for answer in answers)
    granted = days("e.from_on", "e.to_on")
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
    unknown_names = ", ".join(f"CASE WHEN {_unknown(n)} THEN '{n}' END" for n in names)
    return f"""
judged AS (
    SELECT id, {"".join(f"{name}, " for name in carried)}days, asks,
           CASE WHEN unknown THEN array_remove(ARRAY[{unknown_names}]::text[], NULL)
                END AS unknown_names,
           CASE WHEN unknown AND NOT fails THEN {_product(map(_decided, names))}
                END AS decided_days,
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


def _decided(name: str) -> str:
    return f"CASE WHEN {_unknown(name)} THEN {ALWAYS} ELSE {_exempted(name)} END"


def _product(days: Iterable[str]) -> str:
    return " * ".join(days) or ALWAYS


def _any(conditions: Iterable[str]) -> str:
    """In brackets, so that it may be negated or joined."""
    return f"({' OR '.join(conditions) or 'false'})"
