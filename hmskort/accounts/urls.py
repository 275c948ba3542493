"""Log in, choose a company, who has access."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
