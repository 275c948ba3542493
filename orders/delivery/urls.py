"""The company's address book. The delivery step of an order stands among the order's pages."""

from django.urls import path

from orders.delivery.views import book

app_name = "delivery"
urlpatterns = [
    path("", book.book, name="book"),
    path("ny/", book.add, name="add"),
    path("<uuid:address>/", book.change, name="change"),
    path("<uuid:address>/fjern/", book.remove, name="remove"),
]
