"""Shipments of card sleeves, for production staff."""

from django.urls import path

from orders.delivery.views import packing

app_name = "packing"
urlpatterns = [
    path("", packing.to_pack, name="to_pack"),
    path("pakksedler.pdf", packing.all_slips, name="all_slips"),
    path("<slug:reference>/pakkseddel.pdf", packing.slip, name="slip"),
    path("<slug:reference>/sendt/", packing.send, name="send"),
]
