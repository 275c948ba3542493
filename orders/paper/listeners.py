"""What the paper room hears. It may repeat."""

import uuid

from orders.paper import actions
from orders.paper.models import Scan


def read(*, scan: str) -> None:
    """A page was scanned: it is read."""
    actions.read(scan=Scan.objects.get(pk=uuid.UUID(scan)))
