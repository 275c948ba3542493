"""The queue of pictures and IDs."""

from django.urls import URLPattern

app_name = "review"
urlpatterns: list[URLPattern] = []
