"""From an empty cart to a followed order."""

from django.urls import URLPattern

app_name = "orders"
urlpatterns: list[URLPattern] = []
