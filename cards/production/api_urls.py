"""What an encoding station asks and reports."""

from django.urls import path

from cards.production import api

app_name = "production_api"
urlpatterns = [
    path("jobs/claim", api.claim, name="claim"),
    path("jobs/<uuid:job>/started", api.started, name="started"),
    path("jobs/<uuid:job>/done", api.done, name="done"),
    path("jobs/<uuid:job>/scrapped", api.scrapped, name="scrapped"),
]
