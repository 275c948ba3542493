"""Registration, Min profil, and the way in with BestillerID and password."""

from django.urls import path

from hmskort.accounts.orderers.views import profile, registering

app_name = "orderers"
urlpatterns = [
    path("bli-bestiller/<slug:kind>/", registering.register, name="register"),
    path("bekreft-e-post/<str:key>/", registering.confirm_email, name="confirm_email"),
    path("min-profil/", profile.profile, name="profile"),
    path("min-profil/<int:orderer>/send/", profile.send_again, name="send_again"),
]
