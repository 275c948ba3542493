from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SimulatorsConfig(AppConfig):
    name = "hmskort.simulators"
    label = "simulators"

    def ready(self) -> None:
        if settings.HMSKORT_ENV == "production":
            raise ImproperlyConfigured("hmskort.simulators cannot be loaded in production")
