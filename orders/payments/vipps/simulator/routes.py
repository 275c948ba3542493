"""The addresses of Vipps, below where the simulator site mounts it."""

from django.urls import URLPattern, path

from hmskort.common.simulation import Store
from orders.payments.vipps.simulator.api import Api
from orders.payments.vipps.simulator.pages import Pages

PAYMENTS, WEBHOOKS = "epayment/v1/payments", "webhooks/v1/webhooks"


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The routes of ePayment, the merchant's webhooks, its payment page and its books."""
    api, pages = Api(store), Pages(store)
    return [
        path("accesstoken/get", api.token),
        path(PAYMENTS, api.payments),
        path(f"{PAYMENTS}/<str:reference>", api.payment),
        path(f"{PAYMENTS}/<str:reference>/events", api.events),
        *(
            path(f"{PAYMENTS}/<str:reference>/{verb}", api.change, {"verb": verb})
            for verb in ("capture", "refund", "cancel")
        ),
        path(WEBHOOKS, api.webhooks),
        path(f"{WEBHOOKS}/<str:webhook_id>", api.webhook),
        path("epayment/landing/<str:reference>", pages.landing),
        path("_books/", pages.list_books),
        path("_books/<str:reference>.json", pages.one_book),
    ]
