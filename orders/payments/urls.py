"""Back from the payment page, and the provider's word."""

from django.urls import URLPattern

app_name = "payments"
urlpatterns: list[URLPattern] = []
