"""Cards with a fault, for caseworkers."""

from django.urls import path

from orders.recalls import views

app_name = "recalls"
urlpatterns = [
    path("", views.begin, name="begin"),
    path("<slug:reference>/", views.recall, name="recall"),
]
