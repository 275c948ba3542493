from datetime import timedelta

from hmskort.common import clock
from registers.answering import Answered, keep
from registers.clients import client
from registers.models import Company, Lookup


def test_an_answer_that_comes_after_a_newer_one_changes_nothing(db, byggmester):
    earlier, later = clock.now() - timedelta(seconds=40), clock.now()
    lookup = Lookup.objects.create(
        source="enhetsregisteret", subject=byggmester.orgnr, wanted_at=later, due_at=later
    )
    answer = client("enhetsregisteret").company(byggmester.orgnr)
    for asked_at in (later, earlier):
        keep(Answered(lookup, asked_at, answer=answer))
    lookup.refresh_from_db()
    assert (lookup.answered_at, lookup.due_at, lookup.answered) == (later, None, True)
    assert Company.objects.get(orgnr=byggmester.orgnr).answered_at == later
