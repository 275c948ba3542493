"""The administration's addresses: each table is registered by the module that is named here."""

from django.urls import path

from hmskort.admin import card_kinds, exemption_kinds, payment_methods, prices
from hmskort.admin.site import site

TABLES = (card_kinds, exemption_kinds, payment_methods, prices)
urlpatterns = [path("", site.urls)]
