"""The demonstration world: about 40 companies and 400 people who cover every case by name.

    world.person("employment starts in 29 days").national_id
    world.company("Byggmester AS").orgnr

It is the same every time; only what a case counts from today moves. All numbers are synthetic.
The cases are the rows of `companies` and `people`.
"""

import functools
from datetime import date

from hmskort.common import clock
from hmskort.common.simulation import WorldCompany, WorldPerson
from hmskort.simulators.world.build import DemonstrationWorld


@functools.lru_cache(maxsize=4)
def on(today: date) -> DemonstrationWorld:
    """The world as it is on a day."""
    return DemonstrationWorld(today)


def person(case: str) -> WorldPerson:
    """The person who stands for a case. KeyError names the cases there are."""
    return on(clock.today()).person(case)


def company(case: str) -> WorldCompany:
    """The company that stands for a case. KeyError names the cases there are."""
    return on(clock.today()).company(case)
