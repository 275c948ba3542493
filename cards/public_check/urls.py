"""Is this card valid? Asked by anyone."""

from django.urls import URLPattern

app_name = "public_check"
urlpatterns: list[URLPattern] = []
