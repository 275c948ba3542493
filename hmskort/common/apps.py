from django.apps import AppConfig
from psycopg import adapters

from hmskort.common import ranges


class CommonConfig(AppConfig):
    name = "hmskort.common"
    label = "common"

    def ready(self) -> None:
        ranges.register(adapters)
