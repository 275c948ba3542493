import pytest

from tests.invoicing.making import invoiced


@pytest.fixture
def invoice(db):
    return invoiced()
