"""Lines are found by their people's names as Folkeregisteret has them now."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat

from hmskort.common.transactions import owns_transaction
from orders.models import Line

BY_SURNAME = Func(
    Concat("person__surname", Value(" "), "person__given_names"),
    function="orders_folded",
    output_field=TextField(),
)


@owns_transaction
def name_lines(*, people: Iterable[UUID]) -> None:
    """Every line of these people is found by the names that they have today.

    What stands on a card, or in a document, stays as it was.
    """
    renamed = Line.objects.filter(person__in=people).exclude(by_surname=BY_SURNAME)
    renamed.update(person=F("person"))  # the database names a line that is given its person
