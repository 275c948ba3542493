from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "orders.evidence"
    label = "evidence"
