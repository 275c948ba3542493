"""Nexi Checkout as the portal meets it, with books of its own. Test cards only.

Speaks the part of Payment API v1 that a shop with a hosted payment page uses: create, read,
charge in part, cancel, refund, terminate, change the order or its references; and webhooks. Its
error codes other than 1001 (over-charged) are ours: the contract does not list them. It checks
what the real one checks, most of all sums: books that do not add up are refused.

Collections: `nexi.payments` (payment id -> all about it), `nexi.keys` (idempotency keys and
their answers), `nexi.webhooks` (messages and how often they were tried), `nexi.switches`.
"""

from orders.payments.nexi.simulator.routes import urlpatterns_for

__all__ = ["urlpatterns_for"]
