"""What the registers say of many cards becomes what the cards say: judged and written as a set.

One judgement at a time, however many cards it is of: it waits for the one before it, and only then
looks at facts and cards. An older judgement can so never replace a newer one. All that it writes
and asks is one transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from cards.models import Card
from cards.public_check.actions import published
from cards.states import ALIVE, CardState, Standing
from hmskort.audit.actor import SYSTEM
from hmskort.audit.record import recorded
from hmskort.common import clock, outbox
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers import lookups
from registers.models import CardKind, Verdict
from registers.requirements import sets
from registers.requirements.findings import UNCLEAR
from registers.requirements.judge import judge_people, requirements_of

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('cards.judging'))"
NOBODY_JUDGES = "SELECT pg_advisory_xact_lock_shared(hashtext('cards.judging'))"
ONE_OF_ALL_CARDS = "SELECT pg_try_advisory_xact_lock(hashtext('cards.judging.kinds'))"
IN_THIS_ORDER = "SET LOCAL join_collapse_limit = 1"  # as written; to try all takes longer
# For all cards of a kind: nothing goes to disk, and no row is looked up by itself.
AS_A_WHOLE = "SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off"
# For some cards: what a row becomes is worked out once, and planned once. To pass on every row of
# half a million costs more than that saves.
ONCE = "OFFSET 0"
AT_ONCE = 500  # of what is told or asked in one go

# Cards that may still be valid, each with what it says now.
CASES = """cases AS (
    SELECT c.id, c.kind_id AS kind, c.orgnr, c.unit_orgnr AS unit,
        coalesce(p.same_as_id, p.id) AS person, c.valid_on, c.unmet
    FROM cards_card c JOIN registers_person p ON p.id = c.person_id
    WHERE {which} AND c.state = ANY(%(alive)s) AND c.expires_on >= %(on)s
)"""
OF_KINDS, THESE = "c.kind_id = ANY(%(kinds)s)", "c.id = ANY(%(ids)s::uuid[])"
STANDING = f"""CASE state WHEN '{CardState.ISSUED}' THEN '{Standing.ORDERED}'
    WHEN '{CardState.PRODUCED}' THEN CASE WHEN {{days}} @> %(on)s
        THEN '{Standing.VALID}' ELSE '{Standing.REQUIREMENTS}' END
    ELSE state END"""
# What is unknown is no refusal: it stays not met if it was, and else holds as it held. Days gone by
# are nobody's news: what is another from today on is shown, told and stands in the history.
WRITTEN = f""", moved AS MATERIALIZED (
    SELECT *, days <> valid_on OR not_met <> unmet AS differs FROM (
        SELECT id, valid_on, unmet, asks, unclear, not_met || coalesce(still, '[]') AS not_met,
            CASE WHEN NOT undecided THEN days
                WHEN still IS NOT NULL THEN valid_on
                WHEN unmet = '[]' THEN decided_days * valid_on
                ELSE decided_days END AS days
        FROM (
            SELECT *, CASE WHEN unknown_names IS NOT NULL THEN (
                SELECT jsonb_agg(name) FROM jsonb_array_elements_text(unmet) name
                WHERE name = ANY(unknown_names)) END AS still
            FROM judged {{once}}
        ) with_before {{once}}
    ) j
    WHERE days <> valid_on OR not_met <> unmet OR asks IS NOT NULL OR unclear
), changed AS (
    UPDATE cards_card c SET valid_on = m.days, unmet = m.not_met, judged_at = %(at)s
    FROM moved m WHERE m.differs AND c.id = m.id
    RETURNING c.id, c.orgnr, c.number, c.state, c.valid_on, c.unmet,
        m.valid_on AS valid_before, m.unmet AS unmet_before
), news AS MATERIALIZED (
    SELECT *, {STANDING.format(days="valid_before")} AS was,
        {STANDING.format(days="valid_on")} AS stands
    FROM changed
    WHERE unmet <> unmet_before
        OR valid_on * datemultirange(daterange(%(on)s, NULL))
        <> valid_before * datemultirange(daterange(%(on)s, NULL))
), history AS ({{recorded}}), {{published}}
SELECT 'told', id::text, was FROM news
UNION ALL SELECT DISTINCT 'ask', split_part(ask, ' ', 1), split_part(ask, ' ', 2)
    FROM moved CROSS JOIN unnest(asks) ask
UNION ALL SELECT 'unclear', id::text, '' FROM moved WHERE unclear"""  # noqa: S608 - our own text
DATA = "jsonb_build_object('before', was, 'to', stands, 'unmet', unmet)"
Told = tuple[str, str, str]


@dataclass(frozen=True)
class Scope:
    """Which cards are judged: a condition on them, and what it is given. once: see `ONCE`."""

    which: str
    given: Mapping[str, object]
    once: str = ""

    @property
    def cases(self) -> str:
        return CASES.format(which=self.which)


@owns_transaction
def judge(*, cards: QuerySet[Card]) -> int:
    """These cards say what the registers last said; the number of those for which that was news."""
    _prepare(ONE_AT_A_TIME, IN_THIS_ORDER)
    ids = StringAgg(Cast("pk", TextField()), delimiter=",")
    kinds = dict(cards.order_by().values_list("kind").annotate(ids=ids))
    if not kinds:
        return 0
    these = f"{{{','.join(kinds.values())}}}"  # as text, which costs less than a list of as many
    return _judge(sorted(kinds), Scope(THESE, {"ids": these}, ONCE), again=True)


@owns_transaction
def judge_kinds(*, kinds: Sequence[str]) -> int:
    """All cards of the kinds say what the registers last said; the number of changes told.

    An unclear answer that somebody was told of before is not told of again.

    Raises:
        TryLater: it is being done. Half a million cards take longer than an effect's lease; whoever
            takes the effect up meanwhile neither waits nor does all of it once more.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_OF_ALL_CARDS)
        (alone,) = cursor.fetchone()
    if not alone:
        raise outbox.TryLater("all cards of a kind are being judged", settings.LEASE_S)
    _prepare(ONE_AT_A_TIME, IN_THIS_ORDER, AS_A_WHOLE)
    return _judge(kinds, Scope(OF_KINDS, {"kinds": list(kinds)}), again=False)


@inside_transaction
def hold_back() -> None:
    """No card is judged until the transaction ends: one that it issues cannot be overlooked.

    Before what the card is issued on is read. Facts that change later are of a card that is there.
    """
    _prepare(NOBODY_JUDGES)


def _prepare(*statements: LiteralString) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements))


@inside_transaction
def _judge(kinds: Sequence[str], scope: Scope, *, again: bool) -> int:
    """kinds: of the cards in scope."""
    on, at = clock.today(), clock.now()
    required = {kind: requirements_of(CardKind(pk=kind), on) for kind in kinds}
    given: dict[str, Any] = {**scope.given, "alive": sorted(ALIVE), "on": on, "at": at}
    given |= sets.same_people(scope.cases, given) | sets.parameters(required, on)
    history, more = recorded(
        "card:validity_changed", actor=SYSTEM, model=Card, rows="news", data=DATA
    )
    written = WRITTEN.format(recorded=history, published=published("news"), once=scope.once)
    found = sets.judged(required, carried=("valid_on", "unmet"))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {scope.cases}, {found}{written}", given | more)
        rows: list[Told] = cursor.fetchall()
    _tell([(pk, was) for what, pk, was in rows if what == "told"], at)
    _ask([(source, subject) for what, source, subject in rows if what == "ask"])
    _look_at([UUID(pk) for what, pk, _ in rows if what == "unclear"], again=again)
    return sum(what == "told" for what, _, _ in rows)


@inside_transaction
def _tell(changes: list[tuple[str, str]], at: datetime) -> None:
    """The employers are to hear: each effect is of some hundred cards, once for this judgement."""
    for some in _parts(changes):
        outbox.enqueue(
            "cards:validity_changed",
            key=f"{some[0][0]}:{at.isoformat()}",
            changes=some,
            at=at.isoformat(),
        )


@inside_transaction
def _ask(questions: list[lookups.Question]) -> None:
    """What was never asked is asked now; the answer makes the card be judged again."""
    for some in _parts(questions):
        lookups.want(some, not_older_than=lookups.EVER)


@inside_transaction
def _look_at(ids: list[UUID], *, again: bool) -> None:
    """Answers that are neither yes nor no get a verdict each, which a caseworker looks at.

    again: also where the last verdict was as unclear.
    """
    together: dict[tuple[str, str, str], list[Card]] = {}
    for card in Card.objects.filter(pk__in=ids).select_related("person", "kind").order_by("pk"):
        if again or not _is_known_as_unclear(card):
            key = card.orgnr, card.unit_orgnr, card.kind_id
            together.setdefault(key, []).append(card)
    for (orgnr, unit, _), cards in together.items():
        judge_people(
            people=[card.person for card in cards],
            orgnr=orgnr,
            unit=unit,
            kind=cards[0].kind,
            on=clock.today(),
            last_known=True,
        )


def _is_known_as_unclear(card: Card) -> bool:
    verdicts = Verdict.objects.filter(person=card.person_id, main_orgnr=card.orgnr, kind=card.kind)
    last = verdicts.order_by("-id").first()
    return last is not None and any(each["reason"] in UNCLEAR for each in last.findings)


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
