"""A short storm: `python3 -m hmskort bench storm` is the long one."""

import pytest

from tests.processes.storm.storm import Size, storm, webhooks_come

SHORT = Size(faults=6, orders=4, seed=7, people=24)


@pytest.fixture
def after_the_storm(portal):
    """What came of a short storm; webhooks come as they should again."""
    yield storm(portal, SHORT, tell=print)
    webhooks_come(portal, "usual")


@pytest.mark.timeout(600)  # a minute on a quiet machine
def test_the_money_is_right_and_nothing_is_lost_when_everything_was_killed(after_the_storm):
    outcome = after_the_storm
    assert outcome.violations == []
    assert outcome.unnoticed == [], "each check is shown to fail on tampered evidence"
    assert sum(outcome.dealt.values()) == SHORT.faults
    assert outcome.lines["issued"] > 0
