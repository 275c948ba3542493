"""`manage.py world`: the demonstration world is in the simulators, and the portal's data on it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from hmskort.common import clock
from hmskort.simulators import world
from hmskort.simulators.store import Store
from hmskort.simulators.world.build import DemonstrationWorld
from hmskort.simulators.world.load import load
from hmskort.simulators.world.people import WHO_LOG_IN


class Command(BaseCommand):
    help = "Load the demonstration world (idempotent)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--who", action="store_true", help="print the people who can log in")

    def handle(self, *args: Any, **options: Any) -> None:
        today = world.on(clock.today())
        if options["who"]:
            self._tell_who(today)
            return
        news = "loaded" if load(Store(), today) else "unchanged"
        counts = f"{len(today.companies)} companies, {len(today.people)} people"
        self.stdout.write(f"simulators: {counts}, {news}")
        settings.OUTSIDE_TRANSPORT = "hmskort.simulators.site.transport"  # their site is not up yet
        for path in settings.WORLD_LOADERS:
            self.stdout.write(import_string(path)(today))

    def _tell_who(self, today: DemonstrationWorld) -> None:
        named = {row.case for row in WHO_LOG_IN}
        for person in today.people:
            if person.case in named:
                self.stdout.write(f"{person.national_id}  {person.name}: {person.about}")
        others = sum(person.logs_in for person in today.people) - len(named)
        self.stdout.write(f"{others} leaders of other companies: {settings.SIMULATORS_URL}/people/")
