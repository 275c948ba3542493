"""What the registers beside the three main ones hold on the world: approvals, permits, contact."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from hmskort.common import clock
from hmskort.common.simulation import Document, WorldCompany
from hmskort.simulators.world import companies, people
from hmskort.simulators.world.numbers import orgnrs
from registers.bemanningsforetaksregisteret import simulator as bemanningsforetaksregisteret
from registers.udi.simulator import permit

Keyed = Iterator[tuple[str, Document]]
Day = Callable[[date | int], date]

OTHERS = 100  # companies in a register that the world tells nothing else of
OTHERS_FROM = 33_001_000
SEEN_DAYS_AGO = {"usable": 90, "reserved": 90, "old": 590}  # 18 months are 548 days or so


def cleaning(row: companies.Row, company: WorldCompany) -> Keyed:
    """The company's entry in Renholdsregisteret, if it is there."""
    if row.cleaning:
        yield (
            company.orgnr,
            {
                "navn": row.name,
                "form": row.form,
                "status": row.cleaning,
                "poststed": row.place.city,
                "underenheter": [
                    {"orgnr": orgnr, "navn": f"{row.name} {name}".strip()}
                    for orgnr, name in zip(company.subunits, row.subunits, strict=True)
                ],
            },
        )


def staffing(row: companies.Row, company: WorldCompany) -> Keyed:
    """The company's entry in Bemanningsforetaksregisteret, if it is there."""
    if row.staffing:
        main, *subs = row.staffing
        names = [f"{row.name} {name}".strip() for name in row.subunits]
        units = list(zip(company.subunits, names, subs, strict=True))
        body = bemanningsforetaksregisteret.agency(company.orgnr, row.name, row.form, main, units)
        yield company.orgnr, body


def others() -> Iterator[tuple[Keyed, Keyed]]:
    """Companies without a story, who give the files of Arbeidstilsynet some length."""
    for number, orgnr in enumerate(islice(orgnrs(OTHERS_FROM), OTHERS)):
        row = companies.Row(
            orgnr,
            f"UTENFOR {number + 1} AS",
            "AS",
            companies.CLEANING,
            subunits=(),
            cleaning=(companies.WITH_EMPLOYEES, companies.WITHOUT_EMPLOYEES)[number % 2],
            staffing=(companies.APPROVED,),
        )
        company = WorldCompany(row.case, orgnr, row.name, row.form, row.subunits)
        yield cleaning(row, company), staffing(row, company)


def posted(
    person: people.Row, national_id: str, number: int, orgnr: Callable[[str], str], day: Day
) -> Keyed:
    """What foreign companies have reported of the person to OAR."""
    for job_number, job in enumerate(person.posted):
        key = str(70_000_000 + number * 10 + job_number)
        yield (
            key,
            {
                "oppdragsId": key,
                "oppdragsgiver": orgnr(people.BYGGMESTER),
                "oppdragstaker": orgnr(job.company),
                "startdato": day(job.starts).isoformat(),
                "sluttdato": None if job.ends is None else day(job.ends).isoformat(),
                "idKontroll": True,
                "foedselsEllerDNummer": national_id,
            },
        )


def permits(person: people.Row, national_id: str, day: Day) -> Keyed:
    """What UDI says of the person, if it knows them."""
    told = person.permit
    if told:
        ends = None if told.ends is None else day(told.ends).isoformat()
        starts = "2024-02-01" if told.access == "Ja" else None
        yield national_id, permit(told.access, told.kind, starts, ends)


def contacts(person: people.Row, national_id: str, number: int, today: date) -> Keyed:
    """The person's addresses in Kontakt- og reservasjonsregisteret, if they have given any."""
    if person.contact == "none" or "#" in person.case:
        return
    seen = today - timedelta(days=SEEN_DAYS_AGO[person.contact])
    seen_at = datetime.combine(seen, time(12), tzinfo=clock.OSLO).isoformat()
    addresses = {
        "epostadresse": f"person{number}@eksempel.no",
        "mobiltelefonnummer": f"+479999{number:04}",
    }
    dated = {
        f"{key}{ending}": seen_at
        for key in addresses
        for ending in ("_oppdatert", "_sist_verifisert")
    }
    reserved = person.contact == "reserved"
    yield (
        national_id,
        {
            "reservasjon": "JA" if reserved else "NEI",
            "status": "AKTIV",
            "varslingsstatus": "KAN_IKKE_VARSLES" if person.contact == "old" else "KAN_VARSLES",
            "kontaktinformasjon": {**addresses, **dated},
            "spraak": "nb" if "NOR" in person.citizenships else "en",
        },
    )
