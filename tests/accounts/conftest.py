import pytest

from tests.accounts.visitor import Visitor


@pytest.fixture
def visitor(db):
    return Visitor()


@pytest.fixture
def logged_in_as(db):
    """`logged_in_as("Kari")`: a visitor who has come through ID-porten."""

    def log_in(case):
        visitor = Visitor()
        visitor.log_in(case)
        assert visitor.is_logged_in
        return visitor

    return log_in
