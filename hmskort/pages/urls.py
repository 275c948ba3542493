"""The portal's open pages."""

from django.urls import path
from django.views.i18n import set_language

from hmskort.accounts.access import public
from hmskort.pages import views

app_name = "pages"

GUIDES = {
    "hjelp/": "help",
    "hjelp/hvem-ma-ha-kort/": "who",
    "hjelp/registerkrav/": "requirements",
    "hjelp/mens-du-venter/": "waiting",
    "hjelp/elektronisk-id/": "electronic_id",
    "personvern/": "privacy",
    "tilgjengelighet/": "accessibility",
    "kontakt/": "contact",
}

urlpatterns = [
    path("", views.front, name="front"),
    path("sprak/", public(set_language), name="set_language"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
    *(
        path(address, views.page, {"template": f"pages/{name}.html"}, name=name)
        for address, name in GUIDES.items()
    ),
]
