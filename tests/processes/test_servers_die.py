"""Valkey and PostgreSQL are killed with -9 under a portal that works, and come back."""

import shutil

LOST_S = 6.0  # shorter than the portal waits for the payment service


def test_a_broker_that_comes_back_empty_is_made_up_for_by_the_sweep(portal, town):
    order = town.paid("Byggmester AS", people=2)
    portal.kill("valkey")
    shutil.rmtree(portal.places.data / "valkey")
    town.review()
    assert order.states() == {"approved"}

    portal.until(
        lambda: portal.make_whole() or order.states() == {"issued"},
        "both cards are issued, though whoever lost the broker may have had to be started again",
    )
    portal.until(lambda: set(order.jobs("state")) == {"ready"}, "the batch is printed")
    portal.until(portal.is_at_rest, "nothing waits")
    order.must_be_paid_once()
    assert order.events("card:issued") == 2


def test_a_database_killed_while_money_is_taken_has_lost_nothing(portal, town):
    order = town.paid("Byggmester AS", people=2)
    portal.fault("payments", "lost", LOST_S)
    town.review()
    portal.until(lambda: order.book_as_kept()["charges"], "the payment service has charged")
    known = set(portal.column("SELECT id FROM audit_event"))
    portal.kill("postgres")

    portal.start("postgres")
    portal.heal("payments")
    assert known <= set(portal.column("SELECT id FROM audit_event"))
    order.issue()
    portal.until(portal.is_at_rest, "nothing waits")
    order.must_be_paid_once()
    assert order.events("card:issued") == 2
