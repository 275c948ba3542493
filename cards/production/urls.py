"""Batches and shipments, for production staff."""

from django.urls import URLPattern

app_name = "production"
urlpatterns: list[URLPattern] = []
