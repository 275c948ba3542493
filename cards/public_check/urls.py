"""Is this card valid? Asked by anyone."""

from django.urls import path

from cards.public_check import api, views

app_name = "public_check"
urlpatterns = [
    path("sjekk/", views.check_form, name="check"),
    path("k/<str:number>/", views.card, name="card"),
    path("api/check/<str:number>", api.check_number, name="api"),
]
