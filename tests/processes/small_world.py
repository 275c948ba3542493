"""The simulated outside world and the staff, without the demonstration's cards."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
django.setup()

from hmskort.accounts import demonstration  # noqa: E402 - Django must be set up first
from hmskort.accounts.orderers import demonstration as orderers  # noqa: E402
from hmskort.common import clock  # noqa: E402
from hmskort.simulators import world  # noqa: E402
from hmskort.simulators.store import Store  # noqa: E402
from hmskort.simulators.world.load import load  # noqa: E402

today = world.on(clock.today())
load(Store(), today)
demonstration.load(today)
orderers.load(today)
