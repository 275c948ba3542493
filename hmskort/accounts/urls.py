"""Log in, choose a company, who has access."""

from django.urls import path

from hmskort.accounts.views import companies, login

app_name = "accounts"
urlpatterns = [
    path("logg-inn/", login.login, name="login"),
    path("logg-inn/retur/", login.callback, name="callback"),
    path("logg-ut/", login.logout, name="logout"),
    path("logg-ut/ferdig/", login.logged_out, name="logged_out"),
    path("logg-ut/frontkanal/", login.front_channel_logout, name="front_channel_logout"),
    path("velg-virksomhet/", companies.choose_company, name="choose_company"),
    path("tilgang/", companies.access, name="access"),
]
