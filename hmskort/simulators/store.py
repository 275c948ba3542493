"""The `Store` of the simulator site, kept in the portal's PostgreSQL."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from hmskort.common import clock, simulation
from hmskort.common.simulation import Document
from hmskort.simulators import models


class Store:
    """Implements `hmskort.common.simulation.Store`."""

    def get(self, collection: str, key: str) -> Document | None:
        row = models.Document.objects.filter(collection=collection, key=key).first()
        return row.body if row else None

    def put(self, collection: str, key: str, body: Document) -> bool:
        if self.get(collection, key) == body:
            return False
        models.Document.objects.update_or_create(
            collection=collection, key=key, defaults={"body": body, "changed_at": clock.now()}
        )
        return True

    def put_all(self, collection: str, bodies: Mapping[str, Document]) -> None:
        """Store many documents at once, without feeds."""
        now = clock.now()
        models.Document.objects.bulk_create(
            [
                models.Document(collection=collection, key=key, body=body, changed_at=now)
                for key, body in bodies.items()
            ],
            update_conflicts=True,
            unique_fields=["collection", "key"],
            update_fields=["body", "changed_at"],
        )

    def replace_all(self, collection: str, bodies: Mapping[str, Document]) -> None:
        """The collection holds these documents and no others."""
        rows = models.Document.objects.filter(collection=collection)
        rows.exclude(key__in=list(bodies)).delete()
        self.put_all(collection, bodies)

    def add(self, collection: str, key: str, body: Document) -> bool:
        _, created = models.Document.objects.get_or_create(
            collection=collection, key=key, defaults={"body": body}
        )
        return created

    def delete(self, collection: str, key: str) -> None:
        models.Document.objects.filter(collection=collection, key=key).delete()

    def all(self, collection: str) -> list[tuple[str, Document]]:
        rows = models.Document.objects.filter(collection=collection).order_by("key")
        return [(row.key, row.body) for row in rows]

    def find(self, collection: str, match: Mapping[str, Any]) -> list[Document]:
        rows = models.Document.objects.filter(collection=collection, body__contains=dict(match))
        return [row.body for row in rows.order_by("key")]

    @contextmanager
    def changing(self, collection: str, key: str) -> Iterator[Document]:
        with transaction.atomic():
            row = models.Document.objects.select_for_update().get(collection=collection, key=key)
            yield row.body
            row.changed_at = clock.now()
            row.save(update_fields=["body", "changed_at"])

    def append(self, feed: str, body: Document) -> int:
        with transaction.atomic():
            _lock(feed)
            last = models.FeedItem.objects.filter(feed=feed).aggregate(last=Max("sequence"))["last"]
            sequence: int = (last or 0) + 1
            models.FeedItem.objects.create(feed=feed, sequence=sequence, body=body)
        return sequence

    def after(self, feed: str, sequence: int, limit: int) -> list[simulation.FeedItem]:
        rows = models.FeedItem.objects.filter(feed=feed, sequence__gt=sequence)
        return _items(rows.order_by("sequence")[:limit])

    def newest(self, feed: str, limit: int, match: Mapping[str, Any]) -> list[simulation.FeedItem]:
        rows = models.FeedItem.objects.filter(feed=feed, body__contains=dict(match))
        return _items(rows.order_by("-sequence")[:limit])


def _items(rows: QuerySet[models.FeedItem]) -> list[simulation.FeedItem]:
    return [simulation.FeedItem(row.sequence, row.body, row.at.isoformat()) for row in rows]


def _lock(feed: str) -> None:
    """One writer per feed until the transaction ends: whoever reads past n has seen 1 to n."""
    number = int.from_bytes(hashlib.sha256(feed.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
