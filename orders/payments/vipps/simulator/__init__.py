"""Vipps MobilePay ePayment as the portal meets it, with books of its own. Nobody has an app here.

Speaks the access token API, and of ePayment v1: create, read, events, capture, refund, cancel, and
the approval of the test environment; of webhooks v1: list, register and delete, with one secret
that the portal's settings know; and signed messages. The titles of its problems are ours.

Collections: `vipps.payments` (reference -> all about it), `vipps.keys` (idempotency keys and their
answers), `vipps.registered` (the merchant's webhooks), `vipps.webhooks` (messages and how often
they were tried), `vipps.switches`.
"""

from orders.payments.vipps.simulator.routes import urlpatterns_for

__all__ = ["urlpatterns_for"]
