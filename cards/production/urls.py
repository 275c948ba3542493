"""Batches and shipments, for production staff."""

from django.urls import path

from cards.production import views

app_name = "production"
urlpatterns = [
    path("", views.floor, name="batches"),
    path("parti/<slug:reference>/", views.batch, name="batch"),
    path("parti/<slug:reference>/sendt/", views.send_batch, name="send_batch"),
    path("parti/<slug:reference>/<slug:name>.pdf", views.batch_file, name="file"),
    path("kodejobb/<uuid:job>/frigi/", views.free_job, name="free_job"),
    path("brev/<slug:reference>.pdf", views.letter, name="letter"),
    path("brev/<slug:reference>/sendt/", views.send_shipment, name="send_shipment"),
]
