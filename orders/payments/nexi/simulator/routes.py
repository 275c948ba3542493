"""The addresses of Nexi, below where the simulator site mounts it."""

from django.urls import URLPattern, path

from hmskort.common.simulation import Store
from orders.payments.nexi.simulator.api import Api
from orders.payments.nexi.simulator.pages import Pages

CHANGES = ("terminate", "orderitems", "referenceinformation", "myreference")


def urlpatterns_for(store: Store) -> list[URLPattern]:
    """The routes of Nexi Checkout, its payment page and its books."""
    api, pages = Api(store), Pages(store)
    return [
        path("v1/payments", api.payments),
        path("v1/payments/<str:payment_id>", api.payment),
        path("v1/payments/<str:payment_id>/charges", api.charges),
        path("v1/payments/<str:payment_id>/cancels", api.cancels),
        path("v1/charges/<str:charge_id>/refunds", api.refunds),
        *(
            path(f"v1/payments/<str:payment_id>/{what}", api.change, {"what": what})
            for what in CHANGES
        ),
        path("hosted/<str:payment_id>", pages.hosted),
        path("hosted/<str:payment_id>/bank", pages.bank),
        path("_books/", pages.list_books),
        path("_books/<str:payment_id>.json", pages.one_book),
    ]
