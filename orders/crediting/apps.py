from django.apps import AppConfig


class CreditingConfig(AppConfig):
    name = "orders.crediting"
    label = "crediting"
