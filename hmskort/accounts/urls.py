"""Log in, choose a company, who may act for it."""

from django.urls import path

from hmskort.accounts.delegation import views as delegation
from hmskort.accounts.views import companies, login

app_name = "accounts"
ACCESS = "virksomhet/tilgang/<int:access>"
urlpatterns = [
    path("logg-inn/", login.login, name="login"),
    path("logg-inn/retur/", login.callback, name="callback"),
    path("logg-ut/", login.logout, name="logout"),
    path("logg-ut/ferdig/", login.logged_out, name="logged_out"),
    path("logg-ut/frontkanal/", login.front_channel_logout, name="front_channel_logout"),
    path("velg-virksomhet/", companies.choose_company, name="choose_company"),
    path("virksomhet/", delegation.overview, name="company"),
    path("virksomhet/ny-tilgang/", delegation.give, name="give_access"),
    path(f"{ACCESS}/", delegation.access, name="access"),
    path(f"{ACCESS}/endre/", delegation.change, name="change_access"),
    path(f"{ACCESS}/trekk/", delegation.withdraw, name="withdraw_access"),
    path(f"{ACCESS}/gi-tilbake/", delegation.give_back, name="give_back_access"),
    path(f"{ACCESS}/fullmakt/", delegation.sign, name="sign_authorisation"),
    path(f"{ACCESS}/fullmakt/fil/", delegation.store, name="store_authorisation"),
    path(f"{ACCESS}/fullmakt/<int:authorisation>/", delegation.stored, name="authorisation"),
    path("fullmakt/mal.pdf", delegation.empty, name="empty_authorisation"),
]
