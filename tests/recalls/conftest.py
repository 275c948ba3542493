"""Cards that are made and in the post, one of them with a fault."""

from tests.crediting.conftest import a_monday, days_pass, dispatched, issued, paid  # noqa: F401
