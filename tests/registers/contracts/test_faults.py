import pickle

import pytest

from hmskort.common import services
from hmskort.common.services import Refused, ServiceError, Unavailable, Unreadable
from hmskort.simulators import world
from registers.clients import SCOPES

FAULTS = [
    ("silent", Unavailable),
    ("500", Unavailable),
    ("429", Unavailable),
    ("garbage", Unreadable),
    ("wrong_shape", Unreadable),
    ("wrong_subject", Unreadable),
    ("wrong_dates", Unreadable),
    ("wrong_code", Unreadable),
    ("wrong_empty", Unreadable),
    ("wall", Refused),
]


@pytest.mark.parametrize(("mode", "error"), FAULTS)
def test_every_fault_of_a_register_is_sorted_by_what_to_do(ask, register, fault, mode, error):
    fault(register, mode)
    with pytest.raises(error) as raised:
        ask()
    assert raised.value.service == register


@pytest.mark.parametrize("mode", [mode for mode, _ in FAULTS])
def test_no_fault_tells_who_was_asked_about(ask, register, fault, mode, caplog):
    caplog.set_level("DEBUG")
    fault(register, mode)
    with pytest.raises(ServiceError) as raised:
        ask()
    told = f"{raised.value} {raised.value!r} {raised.value.__cause__} {caplog.text}"
    for case in ("employed", "posted worker", "not EEA"):
        assert world.person(case).national_id not in told


@pytest.mark.parametrize(("mode", "error"), FAULTS)
def test_a_register_that_heals_is_answered_again(ask, register, fault, mode, error):
    before = ask()
    fault(register, mode)
    with pytest.raises(error):
        ask()
    fault(register, "off")
    assert ask() == before


def test_a_slow_register_is_waited_for_but_not_for_ever(ask, register, fault, settings):
    fault(register, "slow", settings.REGISTER_TIMEOUT_S / 2)
    assert ask()
    fault(register, "slow", settings.REGISTER_TIMEOUT_S * 2)
    with pytest.raises(Unavailable) as raised:
        ask()
    assert raised.value.reason == "timeout"


def test_when_to_come_back_is_told_in_seconds_whatever_the_register_counts_in(ask, register, fault):
    fault(register, "429", 7)
    with pytest.raises(Unavailable) as raised:
        ask()
    assert raised.value.reason == "throttled"
    assert raised.value.retry_after_s == pytest.approx(7)


@pytest.mark.parametrize(("mode", "error"), FAULTS)
@pytest.mark.parametrize("register", sorted(SCOPES))
def test_without_maskinporten_no_register_behind_it_answers(ask, fault, mode, error, new_clients):
    fault("maskinporten", mode)
    with pytest.raises(error) as raised:
        ask()
    assert raised.value.service == "maskinporten"


@pytest.fixture
def new_clients():
    """Clients that hold no token yet."""
    services._made.cache_clear()


def test_an_error_survives_being_pickled():
    for error in (Unavailable("x", "throttled", 3.0), Refused("x", "y"), Unreadable("x", "z")):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert (type(copy), str(copy)) == (type(error), str(error))
        assert isinstance(copy, ServiceError)
