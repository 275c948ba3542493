from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "hmskort.common"
    label = "common"
