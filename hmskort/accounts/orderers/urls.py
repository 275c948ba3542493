"""Registration, Min profil, and the way in with BestillerID and password."""

from django.urls import path

from hmskort.accounts.orderers.views import (
    agreements,
    entering,
    opening,
    passwords,
    profile,
    proving,
    registering,
)

app_name = "orderers"
urlpatterns = [
    path("logg-inn/passord/", entering.password_login, name="password_login"),
    path("logg-inn/engangskode/", entering.second_code, name="second_factor"),
    path("apne-konto/", opening.enter_code, name="enter_code"),
    path("apne-konto/passord/", opening.open_account, name="open_account"),
    path("avtale/<slug:orgnr>/", agreements.agreement, name="agreement"),
    path("bli-bestiller/<slug:kind>/", registering.register, name="register"),
    path("bekreft-e-post/<str:key>/", registering.confirm_email, name="confirm_email"),
    path("min-profil/", profile.profile, name="profile"),
    path("min-profil/<int:orderer>/send/", profile.send_again, name="send_again"),
    path("min-profil/kontakt/", profile.change_contact, name="contact"),
    path("min-profil/sprak/", profile.change_language, name="language"),
    path("min-profil/innlogging/", passwords.set_up, name="set_up"),
    path("min-profil/bekreft/", proving.prove, name="prove"),
    path("min-profil/passord/", passwords.change, name="change_password"),
    path("min-profil/innlogging/sla-av/", passwords.switch_off, name="switch_off"),
    path("min-profil/reservekoder/", passwords.recovery_codes, name="recovery_codes"),
]
