"""A list of people, from the file to the cart. Included in `orders.urls`, under its names."""

from django.urls import path

from orders.importing import views

urlpatterns = [
    path("", views.start, name="import"),
    path("mal.xlsx", views.template, name="import_template"),
    path("<slug:reference>/", views.batch, name="import_batch"),
    path("<slug:reference>/status/", views.progress, name="import_progress"),
    path("<slug:reference>/rett/", views.mend, name="import_mend"),
    path("<slug:reference>/handlekurv/", views.take_in, name="import_take_in"),
    path("<slug:reference>/slett/", views.discard, name="import_discard"),
]
