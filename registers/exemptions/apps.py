from django.apps import AppConfig


class ExemptionsConfig(AppConfig):
    name = "registers.exemptions"
    label = "exemptions"
