"""The portal's open pages."""

from django.urls import path
from django.views.i18n import set_language

from hmskort.accounts.access import public
from hmskort.pages import guides, views
from hmskort.pages.articles import ARTICLES

app_name = "pages"

TEXTS = {
    "hjelp/": "help",
    "hjelp/hvem-ma-ha-kort/": "who",
    "hjelp/mens-du-venter/": "waiting",
    "hjelp/elektronisk-id/": "electronic_id",
    "personvern/": "privacy",
    "tilgjengelighet/": "accessibility",
    "kontakt/": "contact",
}

# The addresses of all open pages of guidance: each is looked at by the tests.
GUIDES = (
    *TEXTS,
    "hjelp/registerkrav/",
    "hjelp/papirskjema/",
    *(f"hjelp/{slug}/" for slug in ARTICLES),
    "hjelp/trenger-vi-kort/",
    "godkjent-renhold/",
)

urlpatterns = [
    path("", views.front, name="front"),
    path("hjelp/trenger-vi-kort/", guides.need, name="need"),
    path("godkjent-renhold/", guides.cleaning_form, name="cleaning"),
    path("godkjent-renhold/<str:orgnr>/", guides.cleaning_of, name="cleaning_of"),
    path("hjelp/papirskjema/", guides.paper_form, name="paper_form"),
    path("hjelp/registerkrav/", views.requirements, name="requirements"),
    path("sprak/", public(set_language), name="set_language"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
    *(
        path(address, views.page, {"template": f"pages/{name}.html"}, name=name)
        for address, name in TEXTS.items()
    ),
    path("hjelp/<slug:slug>/", views.article, name="article"),
]
