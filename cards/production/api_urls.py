"""What an encoding station asks and reports."""

from django.urls import URLPattern

app_name = "production_api"
urlpatterns: list[URLPattern] = []
