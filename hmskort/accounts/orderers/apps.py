from django.apps import AppConfig


class OrderersConfig(AppConfig):
    name = "hmskort.accounts.orderers"
    label = "orderers"
