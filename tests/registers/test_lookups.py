"""Questions go together where a register takes many; what one call leaves out is asked alone."""

from collections import Counter
from datetime import timedelta

import httpx
import pytest
from django.db import transaction

from hmskort.common import clock
from hmskort.common.models import Effect
from hmskort.simulators import world
from hmskort.simulators.store import Store
from registers import lookups
from registers.answering import Answered, keep
from registers.clients import client
from registers.enhetsregisteret import simulator as enhetsregisteret
from registers.folkeregisteret import simulator as folkeregisteret
from registers.models import Company, Lookup, OpenCall, Person
from registers.persons import people_for, person_for
from registers.questions import SOURCES

pytestmark = pytest.mark.django_db
CASES = ("Kari", "Per", "employed", "D-number", "dead")


@pytest.fixture
def calls(monkeypatch):
    """The paths that each register is called on from now."""
    told = {}
    for name in ("enhetsregisteret", "folkeregisteret", "aaregisteret"):
        told[name] = paths = []
        transport = client(name)._http._transport
        monkeypatch.setattr(transport, "_inner", _counting(paths, transport._inner))
    return told


def _counting(paths, inner):
    def called(request):
        response = inner.handle_request(request)
        if response.status_code != httpx.codes.UNAUTHORIZED:  # else it is asked with a new token
            paths.append(request.url.path.rpartition("/")[2])
        return response

    return httpx.MockTransport(called)


def people(*cases):
    return [str(row.pk) for row in people_for([world.person(case).national_id for case in cases])]


def ask(*questions):
    with transaction.atomic():
        lookups.want(questions, not_older_than=clock.now())
    while lookups.ask_due():
        pass


def about(source, subjects):
    return [(source, subject) for subject in subjects]


def test_an_answer_that_comes_after_a_newer_one_changes_nothing(byggmester):
    earlier, later = clock.now() - timedelta(seconds=40), clock.now()
    lookup = Lookup.objects.create(
        source="enhetsregisteret", subject=byggmester.orgnr, wanted_at=later, due_at=later
    )
    answer = client("enhetsregisteret").company(byggmester.orgnr)
    for asked_at in (later, earlier):
        keep([Answered(lookup, asked_at, answer=answer)])
    lookup.refresh_from_db()
    assert (lookup.answered_at, lookup.due_at, lookup.answered) == (later, None, True)
    assert Company.objects.get(orgnr=byggmester.orgnr).answered_at == later


def test_people_are_asked_about_in_one_call(calls):
    ask(*about("folkeregisteret", people(*CASES)))
    assert calls["folkeregisteret"] == ["bulkoppslag"]
    assert Person.objects.filter(state=Person.State.FOUND).count() == len(CASES)


def test_companies_are_asked_about_in_one_call(calls):
    firms = [world.company(case).orgnr for case in ("Byggmester AS", "roofer", "ENK", "bankrupt")]
    ask(*about("enhetsregisteret", firms))
    assert calls["enhetsregisteret"] == ["enheter"]
    assert set(Company.objects.values_list("orgnr", flat=True)) == set(firms)


def test_employments_are_asked_about_one_by_one(calls):
    ask(*about("aaregisteret", people(*CASES)))
    assert len(calls["aaregisteret"]) == len(CASES)


def test_there_are_no_more_calls_than_facts(calls, byggmester):
    sub_unit, gone = byggmester.subunits[0], world.company("deleted").orgnr
    ask(
        *about("folkeregisteret", people(*CASES, "not in Folkeregisteret")),
        *about("enhetsregisteret", [byggmester.orgnr, sub_unit, gone]),
        *about("aaregisteret", people(*CASES)),
    )
    assert Counter(calls["folkeregisteret"])["bulkoppslag"] == 1
    assert len(calls["folkeregisteret"]) == 2  # and one for whom nobody knows
    assert not Lookup.objects.filter(answered_at=None).exists()
    assert Company.objects.get(pk=sub_unit).main_orgnr == byggmester.orgnr
    assert Company.objects.get(pk=gone).state == Company.State.DELETED


def test_one_that_a_bulk_answer_leaves_out_is_not_found_only_when_asked_alone(calls):
    missing, known = people("not in Folkeregisteret", "Kari")
    ask(*about("folkeregisteret", [missing, known]))
    assert Person.objects.get(pk=missing).state == Person.State.NOT_FOUND
    assert Person.objects.get(pk=known).state == Person.State.FOUND
    assert len(calls["folkeregisteret"]) == 2
    assert not Lookup.objects.filter(alone=True).exists()


def test_one_bad_item_holds_up_no_other():
    bad, good = people("employed", "Kari")
    store, number = Store(), world.person("employed").national_id
    document = store.get(folkeregisteret.PERSONS, number)
    store.put(folkeregisteret.PERSONS, number, {**document, "status": [{"status": "noe nytt"}]})
    ask(*about("folkeregisteret", [bad, good]))
    assert Person.objects.get(pk=good).state == Person.State.FOUND
    assert Person.objects.get(pk=bad).state == Person.State.UNKNOWN
    assert Lookup.objects.get(subject=bad).trouble


def test_a_call_that_is_refused_for_one_of_many_is_made_for_each(calls, monkeypatch, byggmester):
    monkeypatch.setattr(enhetsregisteret, "NUMBERS", 1)  # the register takes fewer than it says
    ask(*about("enhetsregisteret", [byggmester.orgnr, world.company("roofer").orgnr]))
    assert len(calls["enhetsregisteret"]) == 3
    assert Company.objects.count() == 2


def test_many_that_were_answered_together_are_told_of_together():
    subjects = people(*CASES)
    ask(*about("folkeregisteret", subjects))
    effects = Effect.objects.filter(event="facts:changed_many", payload__source="folkeregisteret")
    told = effects.values_list("payload", flat=True)
    assert {frozenset(each["subjects"]) for each in told} == {frozenset(subjects)}


def test_an_answer_that_cannot_be_stored_leaves_those_beside_it_alone(monkeypatch, caplog):
    bad, good = people("employed", "Kari")
    how = SOURCES["folkeregisteret"]

    def store(subject, answer, at):
        if subject == bad:
            raise ZeroDivisionError
        return how.store(subject, answer, at)

    broken = type(how)(how.register, how.ask, store, how.ask_many, how.at_once)
    monkeypatch.setitem(SOURCES, "folkeregisteret", broken)
    ask(*about("folkeregisteret", [bad, good]))
    assert Person.objects.get(pk=good).state == Person.State.FOUND
    assert Lookup.objects.get(subject=bad).trouble == "ZeroDivisionError"
    assert "our fault" in caplog.text


def test_a_person_whose_number_is_gone_holds_up_nobody():
    lost, good = people("employed", "Kari")
    Person.objects.get(pk=lost).numbers.update(current=False)
    ask(*about("folkeregisteret", [lost, good]))
    assert Person.objects.get(pk=good).state == Person.State.FOUND
    assert Lookup.objects.get(subject=lost).trouble


def test_two_rows_of_one_person_in_one_answer_become_one():
    somebody = world.person("changed number")
    old, new = people_for([*somebody.former_numbers, somebody.national_id])
    ask(*about("folkeregisteret", [str(old.pk), str(new.pk)]))
    old.refresh_from_db()
    assert (old.same_as, person_for(somebody.former_numbers[0])) == (new, new)


def test_nothing_is_under_way_when_all_has_been_answered(byggmester):
    ask(*about("enhetsregisteret", [byggmester.orgnr]), *about("folkeregisteret", people(*CASES)))
    assert not OpenCall.objects.exists()
