"""The rules in Python and the same over sets say the same of every case, whatever is stored."""

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hmskort.common import clock
from hmskort.common.dated import Dated
from hmskort.common.ranges import DateRangesField
from registers import lookups
from registers.exemptions.models import ASSESSED, OVERRIDE, Exemption, ExemptionKind
from registers.models import (
    Approval,
    CardKind,
    Company,
    Employment,
    KindRequirement,
    Lookup,
    Person,
    PostedWork,
    RightToWork,
    Role,
    Snapshot,
)
from registers.requirements import sets, work
from registers.requirements.findings import UNCLEAR
from registers.requirements.judge import judge_people, requirements_of
from registers.requirements.rules import RULES
from registers.requirements.work import WorksWhere

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COMPANIES = ("310010006", "310010014")
UNITS = ("320010001", "320010010")  # of either
BORN = (date(1980, 2, 29), date(1991, 7, 1))
OFFSETS = (-800, -400, -31, -1, 0, 0, 1, 29, 30, 31, 400)
NUMBERS = count(1)


def among(*values):
    return st.sampled_from(values)


def days(*also):
    return st.sampled_from([*(clock.today() + timedelta(each) for each in OFFSETS), *also])


def rows(strategy, most):
    return st.lists(strategy, max_size=most)


NAMES = {
    "given_names": among("Kari Anne", "Kari", "kari", "Åse", "", "Per\N{NO-BREAK SPACE}Ole", "Per"),
    "surname": among("Straße", "STRASSE", "Li", "li", "Ås", "A\N{COMBINING RING ABOVE}s", " "),
}
ANSWERS = among("answered", "answered", "answered", "answered", "stale", "waiting", "silent", None)


def a_company():
    return st.fixed_dictionaries(
        {
            "state": among("found", "found", "found", "deleted", "not_found"),
            "form": among("AS", "AS", "ENK", "NUF", "NUF", "DA", ""),
            "deleted_on": st.one_of(st.none(), st.none(), st.none(), days()),
            "bankrupt": among(None, False, False, True),
            "vat_registered": among(None, False, True, True),
            "in_foretaksregisteret": among(None, False, True, True),
            "industries": among([], ["41.200"], ["78.200"], ["41.2", "78.2"], ["85.320"], ["94.1"]),
            "sector_code": among("", "1110", "7000", "2100"),
            "municipality": among("", "2100"),
            "registered_on": st.one_of(st.none(), days(date(2024, 2, 29))),
        }
    )


def a_person():
    return st.fixed_dictionaries(
        {
            **NAMES,
            "state": among("found", "found", "found", "found", "not_found", "unknown"),
            "birth_date": among(*BORN, *BORN, None),
            "citizenships": among(["NOR"], ["UKR"], ["UKR"], ["UKR", "POL"], []),
            "register_status": among("bosatt", "bosatt", "inaktiv", "doed", "opphoert"),
            "number_in_use": among(True, True, True, None, False),
            "died_on": st.one_of(st.none(), st.none(), st.none(), days()),
        }
    )


def a_period(last=None):
    return st.fixed_dictionaries(
        {"starts_on": days(date.min), "ends_on": st.one_of(st.none(), days(date.max))}
    )


A_PERMIT = st.fixed_dictionaries(
    {
        "access": among("yes", "yes", "yes", "no", "unclear", "not_found"),
        "bound_to": among("general", "general", "one_employer", ""),
        "starts_on": st.one_of(st.none(), days()),
        "ends_on": st.one_of(st.none(), days()),
    }
)
SOURCES = ("enhetsregisteret", "roller", "folkeregisteret", "aaregisteret", "oar", "udi")
STANDINGS = {
    "renholdsregisteret": among(
        "approved_with_employees", "approved_without_employees", "approved_without_employees",
        "ordering_cards", "under_consideration", "not_approved", "unknown",
    ),
    "bemanningsforetaksregisteret": among(
        "approved", "approved", "not_approved", "under_consideration", "unknown"
    ),
}  # fmt: skip
COMPANY, SOMEBODY = st.integers(0, 1), st.integers(0, 2)
AN_EXEMPTION = st.tuples(
    COMPANY, st.one_of(st.none(), SOMEBODY), among(*RULES), days(), days(), st.booleans(),
    among("client_pays_vat", OVERRIDE, ASSESSED, ASSESSED), among("exempt", "not_met"),
)  # fmt: skip
A_ROLE = st.tuples(
    COMPANY, among("INNH", "DTPR", "DTSO", "LEDE", "DAGL"), among(*BORN),
    st.fixed_dictionaries(NAMES),
)  # fmt: skip
WORLDS = st.fixed_dictionaries(
    {
        "companies": st.tuples(st.one_of(a_company(), a_company(), st.none()), a_company()),
        "people": st.tuples(a_person(), a_person(), a_person()),
        "same": st.booleans(),
        "asked": st.lists(ANSWERS, min_size=18, max_size=18),
        "work": rows(st.tuples(SOMEBODY, COMPANY, a_period(), among(*UNITS)), 6),
        "units": st.tuples(among("", UNITS[0]), among("", UNITS[1])),  # that the cards are for
        "where": among(*WorksWhere),
        "posted": rows(st.tuples(SOMEBODY, COMPANY, a_period()), 3),
        "permits": st.tuples(st.one_of(st.none(), A_PERMIT), A_PERMIT, A_PERMIT),
        "files": st.tuples(among("read", "read", "unread", None), among("read", "unread")),
        "cleaning": st.tuples(*[st.one_of(st.none(), STANDINGS["renholdsregisteret"])] * 2),
        "staffing": st.tuples(
            *[st.one_of(st.none(), STANDINGS["bemanningsforetaksregisteret"])] * 2
        ),
        "roles": rows(A_ROLE, 4),
        "exemptions": rows(AN_EXEMPTION, 4),
        "young": st.booleans(),
        "dated": among("as they are", "one has ended", "one has begun", "one will begin"),
    }
)


def stored(world) -> list[UUID]:
    """The ids of the people, when the world is in the database."""
    firms = zip(COMPANIES, world["companies"], strict=True)
    Company.objects.bulk_create(
        Company(orgnr=orgnr, main_orgnr=orgnr, name="X", answered_at=AT, **values)
        for orgnr, values in firms
        if values
    )
    people = [Person(id=uuid4(), answered_at=AT, **values) for values in world["people"]]
    Person.objects.bulk_create(people)
    if world["same"]:
        Person.objects.filter(pk=people[2].pk).update(same_as=people[0])
    ids = [person.pk for person in people]
    store_answers(world, ids)
    store_work(world, ids)
    store_roles_and_files(world)
    store_exemptions(world, ids)
    change_requirements(world["dated"])
    return ids


def store_answers(world, ids):
    subjects = [
        *(("enhetsregisteret", orgnr) for orgnr in COMPANIES),
        *(("roller", orgnr) for orgnr in COMPANIES),
        *((source, str(pk)) for source in ("folkeregisteret", "aaregisteret", "udi") for pk in ids),
        *(("oar", f"{COMPANIES[0]}:{pk}") for pk in ids),
    ]
    told = {
        "answered": {"answered_at": AT, "wanted_at": AT},
        "stale": {"answered_at": AT, "wanted_at": AT + timedelta(hours=1)},
        "waiting": {"wanted_at": AT},
        "silent": {"wanted_at": AT, "trouble": "does not answer"},
    }
    Lookup.objects.bulk_create(
        Lookup(source=source, subject=subject, **told[asked])
        for (source, subject), asked in zip(subjects, world["asked"], strict=False)
        if asked
    )


def store_work(world, ids):
    Employment.objects.bulk_create(
        Employment(
            person_id=ids[who], register_id=f"set:{next(NUMBERS)}", orgnr=unit,
            main_orgnr=COMPANIES[where], answered_at=AT, **period,
        )
        for who, where, period, unit in world["work"]
    )  # fmt: skip
    PostedWork.objects.bulk_create(
        PostedWork(person_id=ids[who], main_orgnr=COMPANIES[where], assignment_id="1", **period)
        for who, where, period in world["posted"]
    )
    RightToWork.objects.bulk_create(
        RightToWork(person_id=pk, **permit)
        for pk, permit in zip(ids, world["permits"], strict=True)
        if permit
    )


def store_roles_and_files(world):
    Role.objects.bulk_create(
        Role(orgnr=COMPANIES[where], code=code, birth_date=born, answered_at=AT, **names)
        for where, code, born, names in world["roles"]
    )
    registers = list(zip(STANDINGS, (world["cleaning"], world["staffing"]), strict=True))
    Snapshot.objects.bulk_create(
        Snapshot(register=register, read_at=AT if read == "read" else None)
        for (register, _), read in zip(registers, world["files"], strict=True)
        if read
    )
    Approval.objects.bulk_create(
        Approval(register=register, orgnr=orgnr, main_orgnr=orgnr, status=status, since_at=AT)
        for register, statuses in registers
        for orgnr, status in zip(COMPANIES, statuses, strict=True)
        if status
    )


def store_exemptions(world, ids):
    if world["young"]:
        ExemptionKind.objects.create(
            code="young", position=1, requirement="vat_registered", name_nb="x", name_nn="x",
            name_en="x", automatic=True, months_at_least=1, months_below=13, source="x",
        )  # fmt: skip
    for where, who, requirement, first, last, ended, kind, answer in world["exemptions"]:
        if kind == OVERRIDE and who is None:
            continue
        Exemption.objects.create(
            kind_id=kind, requirement=requirement, orgnr=COMPANIES[where],
            person_id=None if who is None else ids[who], from_on=min(first, last),
            to_on=max(first, last), granted_by="1", confirmed_by="2",
            answer=answer if kind == ASSESSED else "exempt",
            case_reference=f"S{next(NUMBERS)}", ended_at=AT if ended else None,
        )  # fmt: skip


def change_requirements(how):
    """Requirements are data with dates: one of construction is another than usual."""
    if how == "one has ended":
        vat = KindRequirement.objects.filter(kind="bygg", requirement="vat_registered")
        vat.update(until=clock.today() - timedelta(1))
    elif how in {"one has begun", "one will begin"}:
        since = clock.today() + timedelta(how == "one will begin")
        KindRequirement.objects.create(
            kind_id="bygg", requirement="may_work_in_norway", since=since, position=0, source="x"
        )


TOLD = "SELECT days, not_met, undecided, unclear, asks FROM judged ORDER BY id"


def as_a_set(cases, kinds, units):
    """What one statement finds of each case of each kind, and what it asks."""
    required = {kind.pk: requirements_of(kind, clock.today()) for kind in kinds}
    common = """cases AS (
        SELECT c.id, c.kind, coalesce(p.same_as_id, p.id) AS person, c.orgnr, c.unit
        FROM unnest(%(ids)s::int[], %(kinds)s::text[], %(people)s::uuid[], %(orgnrs)s::text[],
            %(units)s::text[]) c(id, kind, person, orgnr, unit)
        JOIN registers_person p ON p.id = c.person)"""
    every = [(kind.pk, *case) for kind in kinds for case in cases]
    of, people, orgnrs = zip(*every, strict=True)
    given = {"ids": list(range(len(every))), "kinds": list(of)}
    given |= {"people": list(people), "orgnrs": list(orgnrs)}
    given |= {"units": [units[orgnr] for orgnr in orgnrs]}
    given |= sets.parameters(required, clock.today())
    given |= sets.same_people(common, given)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {common}, {sets.judged(required, carried=())} {TOLD}", given)
        told = cursor.fetchall()
    field = DateRangesField()
    asked = {tuple(ask.split(" ")) for *_, asks in told for ask in asks or ()}
    found = [
        (field.from_db_value(days, None, connection), json.loads(not_met), *rest)
        for days, not_met, *rest, _ in told
    ]
    return found, asked


def by_the_rules(cases, kind, units):
    """The same by the rules in Python, a company at a time."""
    before, told = set(Lookup.objects.values_list("source", "subject")), {}
    for orgnr in COMPANIES:
        people = Person.objects.filter(pk__in=[who for who, where in cases if where == orgnr])
        for verdict in judge_people(
            people=list(people), orgnr=orgnr, kind=kind, on=clock.today(), last_known=True,
            not_older_than=lookups.EVER, unit=units[orgnr],
        ):  # fmt: skip
            names = [each["requirement"] for each in verdict.findings if each["found"] == "not_met"]
            unclear = any(each["reason"] in UNCLEAR for each in verdict.findings)
            judged = verdict.valid_on, names, verdict.outcome == "unknown", unclear
            told[verdict.person_id, orgnr] = judged
    wanted = set(Lookup.objects.values_list("source", "subject")) - before
    return [told[case] for case in cases], wanted


@contextmanager
def taken_back():
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(world=WORLDS)
@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a world that fails is small enough to read as it is
)
def test_the_rules_and_the_set_find_the_same_of_every_case(world):
    with taken_back(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "WORKS_WHERE", (Dated(date(2008, 1, 1), world["where"], "x"),))
        ids, units = stored(world), dict(zip(COMPANIES, world["units"], strict=True))
        cases = [(person, orgnr) for person in ids for orgnr in COMPANIES]
        kinds = list(CardKind.objects.all())
        together, asked_together = as_a_set(cases, kinds, units)
        expected, wanted = [], set()
        for kind in kinds:
            with taken_back():
                found, asked = by_the_rules(cases, kind, units)
            expected += found
            wanted |= asked
        assert (together, asked_together) == (expected, wanted)
        assert as_a_set(cases, kinds[:1], units)[0] == expected[: len(cases)]


def test_every_requirement_has_both_forms():
    assert set(sets.RULES) == set(RULES)
