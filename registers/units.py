"""A company's sub-units: which there are, where they do business, and who works in them."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from hmskort.common import clock
from hmskort.common.transactions import inside_transaction
from registers import lookups
from registers.models import Company
from registers.staff import employments_in

FORMS = ("BEDR", "AAFY")  # organisasjonsform of a sub-unit
TOLD_FOR = timedelta(days=1)  # those we know are followed on the feed; new ones are asked for


@inside_transaction
def ask(orgnr: str) -> None:
    """The register is being asked which sub-units the company has; a silent one holds up nobody."""
    lookups.want([("underenheter", orgnr)], not_older_than=clock.now() - TOLD_FOR)


def units_of(orgnr: str) -> list[Company]:
    """The company's sub-units that are open today, by name; none while nobody has told."""
    open_today = Q(deleted_on=None) | Q(deleted_on__gt=clock.today())
    found = Company.objects.filter(
        open_today, main_orgnr=orgnr, form__in=FORMS, state=Company.State.FOUND
    )
    return list(found.order_by("name", "orgnr"))


def where_they_work(people: Collection[UUID], orgnr: str) -> str | None:
    """The sub-unit of the company in which most of these people are employed today or soon."""
    rows = employments_in(orgnr, clock.today()).filter(person__in=people)
    counted = Counter(sorted(rows.values_list("orgnr", flat=True)))
    return next((unit for unit, _ in counted.most_common(1)), None)
