"""What a list does when something happened elsewhere. Each looks at the state; each may repeat."""

import uuid

from orders.importing import actions
from orders.importing.models import Import


def read(*, batch: str) -> None:
    """Who is employed in the company is read, because a list was sent in."""
    found = Import.objects.filter(pk=uuid.UUID(batch)).first()
    if found:  # it may have been thrown away
        actions.read(batch=found)
