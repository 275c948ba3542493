"""The crowd: employees without a story, who give lists, searches and batches their true size."""

from collections.abc import Iterator
from datetime import date, timedelta

from hmskort.simulators.world import companies, names, people

OLDEST = date(1958, 1, 1)
SPREAD_DAYS = 16_800  # births until 2003
LEADS = {"ENK": "INNH", "DA": "DTPR", "ANS": "DTSO", "FLI": "LEDE"}  # elsewhere DAGL
OWNERS = {"INNH", "DTPR", "DTSO"}
HIRED_FROM = date(2018, 1, 2)
HIRED_DAYS = 2_500


def crowd() -> Iterator[people.Row]:
    """Everybody in the crowd, the same each time. The first in a company without a leader leads."""
    led = {company for row in (*people.WHO_LOG_IN, *people.WORKERS) for company, _ in row.roles}
    number = 0
    for company in companies.COMPANIES:
        for place in range(company.staff):
            leads = place == 0 and company.case not in led
            yield _somebody(number, company, place, leads=leads)
            number += 1


def _somebody(number: int, company: companies.Row, place: int, *, leads: bool) -> people.Row:
    is_cleaning = company.industry == companies.CLEANING
    mix = names.CLEANING_ROUND if is_cleaning else names.ROUND
    origin = mix[number % len(mix)]
    is_woman = number % (2 if is_cleaning else 5) == 1
    given = origin.women if is_woman else origin.men
    has_d_number = origin is not names.NORWEGIAN and number % 3 == 0
    role = LEADS.get(company.form, "DAGL")
    return people.Row(
        case=f"{company.case} #{place + 1}",
        given_names=given[(number * 7) % len(given)],
        surname=origin.surnames[(number * 11 + place) % len(origin.surnames)],
        born=OLDEST + timedelta(days=(number * 1_009) % SPREAD_DAYS),
        about=f"{'leder' if leads else 'ansatt i'} {company.name}",
        sex="kvinne" if is_woman else "mann",
        citizenships=(origin.citizenship,),
        number="d_nummer" if has_d_number else "fodselsnummer",
        status="midlertidig" if has_d_number else "bosatt",
        jobs=() if leads and role in OWNERS else (_job(company, number),),
        roles=((company.case, role),) if leads else (),
        logs_in=leads,
        permit=people.Permit() if origin is names.UKRAINIAN else None,
    )


def _job(company: companies.Row, number: int) -> people.Job:
    """Nobody is hired before the company is registered, nor in a sub-unit that is closed."""
    open_subunits = len(company.subunits) - (1 if company.closed_subunit else 0)
    starts: date | int = company.registered
    if isinstance(starts, date):
        starts = HIRED_FROM + timedelta(days=(number * 37) % HIRED_DAYS)
    return people.Job(company.case, starts, subunit=number % 4 % open_subunits)
