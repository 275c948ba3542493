from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hmskort.desk"
    label = "desk"
