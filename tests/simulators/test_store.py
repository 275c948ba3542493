import threading

import pytest
from django.db import connection, transaction

from hmskort.simulators.store import Store


@pytest.fixture
def store(db):
    return Store()


def test_a_document_is_read_as_it_was_put(store):
    assert store.get("c", "k") is None
    assert store.put("c", "k", {"a": 1}) is True
    assert store.put("c", "k", {"a": 1}) is False
    assert store.put("c", "k", {"a": 2}) is True
    assert store.get("c", "k") == {"a": 2}
    store.delete("c", "k")
    store.delete("c", "k")
    assert store.get("c", "k") is None


def test_a_key_is_added_once(store):
    assert store.add("c", "k", {"a": 1}) is True
    assert store.add("c", "k", {"a": 2}) is False
    assert store.get("c", "k") == {"a": 1}


def test_documents_are_found_by_what_they_contain(store):
    store.put_all("c", {"1": {"ids": [{"n": "x"}], "s": 1}, "2": {"ids": [{"n": "y"}], "s": 1}})
    assert [each["ids"][0]["n"] for each in store.find("c", {"ids": [{"n": "y"}]})] == ["y"]
    assert len(store.find("c", {"s": 1})) == 2
    assert store.all("c")[0][0] == "1"


def test_a_change_is_stored_when_the_block_ends_well(store):
    store.put("c", "k", {"sum": 1})
    with store.changing("c", "k") as document:
        document["sum"] += 1
    with pytest.raises(ZeroDivisionError), store.changing("c", "k") as document:
        document["sum"] = 1 // 0
    assert store.get("c", "k") == {"sum": 2}


def test_a_feed_counts_from_one_and_is_read_from_both_ends(store):
    assert [store.append("f", {"n": n}) for n in range(3)] == [1, 2, 3]
    assert store.append("other", {}) == 1
    assert [item.sequence for item in store.after("f", 1, 10)] == [2, 3]
    assert [item.body["n"] for item in store.newest("f", 2, {})] == [2, 1]
    assert [item.sequence for item in store.newest("f", 9, {"n": 0})] == [1]


@pytest.mark.django_db(transaction=True)
def test_who_has_read_a_feed_so_far_misses_nothing_that_comes_late():
    """Two writers at once: the second number is not seen before the first is."""
    store, started, seen = Store(), threading.Event(), []

    def second():
        started.set()
        store.append("f", {"writer": 2})
        seen.append([item.body["writer"] for item in store.after("f", 0, 10)])
        connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        store.append("f", {"writer": 1})
        thread.start()
        started.wait()
    thread.join()
    assert seen == [[1, 2]]
