"""From an empty cart to a followed order."""

from django.urls import include, path

from orders.confirmation import views as confirmation
from orders.delivery.views import sleeves, step
from orders.paper.views import print_form
from orders.views import (
    cart,
    checkout,
    documents,
    evidence,
    face,
    follow,
    listing,
    readdressing,
    renewing,
    staff,
)

app_name = "orders"
urlpatterns = [
    path("bestill/", cart.start, name="start"),
    path("bestilling/<slug:reference>/", cart.cart, name="cart"),
    path("bestilling/<slug:reference>/krav/", cart.checks, name="checks"),
    path("bestilling/<slug:reference>/levering/", step.delivery, name="delivery"),
    path("bestill/kortholdere/", sleeves.start, name="start_sleeves"),
    path("bestilling/<slug:reference>/kortholdere/", sleeves.choose, name="sleeves"),
    path("bestilling/<slug:reference>/betal/", checkout.pay, name="pay"),
    path("bestilling/<slug:reference>/avbryt-betaling/", checkout.stop_paying, name="stop_paying"),
    path("bestilling/<slug:reference>/<slug:line>/fjern/", cart.remove, name="remove"),
    path("bestilling/<slug:reference>/<slug:line>/etternavn/", cart.surname, name="surname"),
    path("bestilling/<slug:reference>/<slug:line>/sjekk/", cart.recheck, name="recheck"),
    path("bestilling/<slug:reference>/<slug:line>/vent/", cart.when_met, name="when_met"),
    path("bestilling/<slug:reference>/<slug:line>/filer/", evidence.evidence_page, name="evidence"),
    path(
        "bestilling/<slug:reference>/<slug:line>/filer/status/",
        evidence.evidence_status,
        name="evidence_status",
    ),
    path(
        "bestilling/<slug:reference>/<slug:line>/filer/<uuid:piece>/",
        evidence.evidence_file,
        name="evidence_file",
    ),
    path(
        "bestilling/<slug:reference>/<slug:line>/filer/<uuid:piece>/fjern/",
        evidence.remove_file,
        name="remove_file",
    ),
    path("bestilling/<slug:reference>/<slug:line>/kb4/", print_form, name="print_form"),
    path("bestilling/<slug:reference>/<slug:line>/forside.png", face.front, name="face_front"),
    path("bestilling/<slug:reference>/<slug:line>/bakside.png", face.back, name="face_back"),
    path("ansatte/", staff.employees, name="staff"),
    path("ansatte/status/", staff.employees_part, name="staff_part"),
    path("ansatte/sjekk/", staff.check, name="check_staff"),
    path("ansatte/velg/", staff.pick, name="pick_staff"),
    path("ansatte/bekreft/", staff.confirm, name="confirm_staff"),
    path("ansatte/bestill/", staff.order, name="order_staff"),
    path("import/", include("orders.importing.urls")),
    path("kort/<slug:number>/bestill/", renewing.order_next, name="order_next"),
    path("forny/", renewing.expiring, name="expiring"),
    path("forny/velg/", renewing.tick, name="tick"),
    path("forny/bekreft/", renewing.renew, name="renew"),
    path("bestillinger/<slug:reference>/igjen/", renewing.order_again, name="order_again"),
    path("bestillinger/", listing.orders, name="orders"),
    path("bestillinger/<slug:reference>/", follow.order, name="order"),
    path(
        "bestillinger/<slug:reference>/kortholdere/trekk/",
        sleeves.withdraw,
        name="withdraw_sleeves",
    ),
    path("bestillinger/<slug:reference>/adresse/", readdressing.address, name="address"),
    path("bestillinger/<slug:reference>/status/", follow.order_lines, name="order_lines"),
    path(
        "bestillinger/<slug:reference>/dokument/<int:number>/pdf/", documents.pdf, name="document"
    ),
    path("bestillinger/<slug:reference>/dokument/<int:number>/ehf/", documents.xml, name="ehf"),
    path("bestillinger/<slug:reference>/bekreftelse/", confirmation.page, name="confirmation"),
    path(
        "bestillinger/<slug:reference>/bekreftelse.pdf",
        confirmation.document,
        name="confirmation_pdf",
    ),
    path(
        "bestillinger/<slug:reference>/<slug:line>/bekreftelse/",
        confirmation.page,
        name="line_confirmation",
    ),
    path(
        "bestillinger/<slug:reference>/<slug:line>/bekreftelse.pdf",
        confirmation.document,
        name="line_confirmation_pdf",
    ),
    path("bestillinger/<slug:reference>/<slug:line>/trekk/", follow.withdraw, name="withdraw"),
]
