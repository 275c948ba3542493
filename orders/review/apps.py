from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "orders.review"
    label = "review"
