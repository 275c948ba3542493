from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "cards.production"
    label = "production"
