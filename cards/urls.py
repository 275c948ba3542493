"""The company's cards, and the keys with which anyone may verify a chip."""

from django.urls import path

from cards import views
from cards.production import api

app_name = "cards"
urlpatterns = [
    path("kort/", views.card_list, name="list"),
    path("kort/<slug:number>/", views.card, name="card"),
    path("kort/<slug:number>/sperr/", views.block, name="block"),
    path("kort/<slug:number>/tapt/", views.lost, name="lost"),
    path("kort/<slug:number>/bilde/", views.portrait, name="portrait"),
    path(".well-known/hms-kort-keys.json", api.keys, name="keys"),
]
