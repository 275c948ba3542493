from django.apps import AppConfig


class PublicCheckConfig(AppConfig):
    name = "cards.public_check"
    label = "public_check"
