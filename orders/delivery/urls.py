"""The company's address book. The delivery step of an order stands among the order's pages."""

from django.urls import path

from orders.delivery import views

app_name = "delivery"
urlpatterns = [
    path("", views.book, name="book"),
    path("ny/", views.add, name="add"),
    path("<uuid:address>/", views.change, name="change"),
    path("<uuid:address>/fjern/", views.remove, name="remove"),
]
