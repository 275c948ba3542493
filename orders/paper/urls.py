"""Scanned paper forms, for the issuer's people."""

from django.urls import path

from orders.paper import views

app_name = "paper"
urlpatterns = [
    path("", views.scans, name="scans"),
    path("<uuid:scan>/", views.match, name="match"),
    path("<uuid:scan>/bilde/", views.picture, name="picture"),
    path("<uuid:scan>/slett/", views.discard, name="discard"),
]
