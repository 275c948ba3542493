from django.apps import AppConfig


class PaperConfig(AppConfig):
    name = "orders.paper"
    label = "paper"
