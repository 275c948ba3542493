"""Back from the payment page, and the provider's word."""

from django.urls import path

from orders.payments import views

app_name = "payments"
urlpatterns = [
    path("tilbake/<uuid:payment_id>/", views.back, name="back"),
    path("avbrutt/<uuid:payment_id>/", views.cancelled, name="cancelled"),
    path("vilkar/", views.terms, name="terms"),
    path("webhook/nexi/", views.nexi_webhook, name="nexi_webhook"),
    path("webhook/vipps/", views.vipps_webhook, name="vipps_webhook"),
]
