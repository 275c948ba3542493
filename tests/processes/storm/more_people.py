"""More employees for the companies that order in a storm, and their leaders as orderers.

    more_people.py MANY FILE

FILE gets, as JSON, the identity numbers of everybody who may be ordered for, by company.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
django.setup()

from hmskort.accounts import actions as accounts  # noqa: E402 - Django must be set up first
from hmskort.accounts.demonstration import LOADER  # noqa: E402
from hmskort.common import clock  # noqa: E402
from hmskort.simulators import world  # noqa: E402
from hmskort.simulators.store import Store  # noqa: E402
from hmskort.simulators.world import documents  # noqa: E402
from hmskort.simulators.world.numbers import IdentityNumbers  # noqa: E402
from registers.aaregisteret.simulator import EMPLOYMENTS  # noqa: E402
from registers.folkeregisteret.simulator import PERSONS  # noqa: E402
from registers.persons import person_for  # noqa: E402
from tests.builders import an_orderer  # noqa: E402
from tests.processes.ordering import LEADERS  # noqa: E402

many, file = int(sys.argv[1]), Path(sys.argv[2])
today, store = world.on(clock.today()), Store()
numbers = IdentityNumbers(key for key, _ in store.all(PERSONS))
entry = documents.entry
companies: dict[str, dict] = {}
for place, case in enumerate(LEADERS):
    company = today.company(case)
    job = documents.company_place(company.subunits[0], company.orgnr)
    people = []
    for each in range(many // len(LEADERS) + 1):
        born = date(1960 + each % 39, 1 + place, 1 + each % 28)
        number = numbers.fodselsnummer(born)
        kind = {"identifikatortype": "foedselsnummer", "status": "iBruk", "erGjeldende": True}
        document = {
            "identifikasjonsnummer": [entry(foedselsEllerDNummer=number, **kind)],
            "status": [entry(status="bosatt")],
            "navn": [entry(fornavn=f"Storm {place}", etternavn=f"Kast {each}")],
            "kjoenn": [entry(kjoenn="kvinne")],
            "foedsel": [entry(foedselsdato=born.isoformat())],
            "statsborgerskap": [entry(statsborgerskap="NOR")],
        }
        store.put(PERSONS, number, document)
        row = documents.employment(f"storm-{number}", number, job, date(2024, 1, 1), None)
        store.put(EMPLOYMENTS, f"storm-{number}", row)
        people.append(number)
    leader = today.person(LEADERS[case])
    an_orderer(
        accounts.appoint(
            person=person_for(leader.national_id), name=leader.name, roles=(), actor=LOADER
        ),
        company=case,
    )
    companies[case] = {"orgnr": company.orgnr, "people": people}
file.write_text(json.dumps(companies))
