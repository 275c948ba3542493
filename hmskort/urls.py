"""The portal's addresses, room by room. Paths are Norwegian, names English."""

from django.urls import include, path

urlpatterns = [
    path("", include("hmskort.pages.urls")),
    path("administrasjon/", include("hmskort.admin.urls")),
    path("", include("hmskort.accounts.urls")),
    path("", include("hmskort.accounts.orderers.urls")),
    path("", include("cards.public_check.urls")),
    path("", include("cards.urls")),
    path("", include("orders.urls")),
    path("adresser/", include("orders.delivery.urls")),
    path("", include("hmskort.desk.urls")),
    path("papir/", include("orders.paper.urls")),
    path("kontroll/", include("orders.review.urls")),
    path("kort-med-feil/", include("orders.recalls.urls")),
    path("prisavslag/", include("orders.crediting.urls")),
    path("betaling/", include("orders.payments.urls")),
    path("produksjon/kortholdere/", include("orders.delivery.packing_urls")),
    path("produksjon/", include("cards.production.urls")),
    path("api/production/", include("cards.production.api_urls")),
]
handler400 = "hmskort.pages.views.bad_request"
handler403 = "hmskort.pages.views.forbidden"
handler404 = "hmskort.pages.views.not_found"
handler500 = "hmskort.pages.views.server_error"
