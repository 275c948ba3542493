"""The front door as a Django app: loads the task queue and the checks that guard the start."""

import importlib

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "hmskort"
    label = "portal"

    def ready(self) -> None:
        importlib.import_module("hmskort.celery")
        importlib.import_module("hmskort.system_checks")
