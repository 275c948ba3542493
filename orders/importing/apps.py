from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "orders.importing"
    label = "importing"
