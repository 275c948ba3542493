import pytest


@pytest.fixture
def administrator(somebody):
    return somebody("administrator")


@pytest.fixture
def desk(administrator, session_for):
    """The administrator's browser."""
    return session_for(administrator)
