"""The companies of the world: one row each, found by its case.

A case is the name where a person would say the name, else what the company stands for.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from registers.renholdsregisteret.simulator import STATUSES as CLEANING_STATUSES

State = Literal["active", "bankrupt", "winding_up", "forced", "deleted", "removed"]

AS_SECTOR = "2100"
ENK_SECTOR = "8200"


@dataclass(frozen=True)
class Place:
    """An address in a municipality; `number` is the municipality's."""

    street: str
    postal_code: str
    city: str
    municipality: str
    number: str


OSLO = Place("Hammersborggata 12", "0181", "OSLO", "OSLO", "0301")
GROENLAND = Place("Grønland 4B", "0188", "OSLO", "OSLO", "0301")
BERGEN = Place("Nordnesgaten 30", "5005", "BERGEN", "BERGEN", "4601")
TRONDHEIM = Place("Nedre Elvehavn 7", "7042", "TRONDHEIM", "TRONDHEIM", "5001")
STAVANGER = Place("Pedersgata 61", "4013", "STAVANGER", "STAVANGER", "1103")
TROMSOE = Place("Sjøgata 18", "9008", "TROMSØ", "TROMSØ", "5501")
BODOE = Place("Storgata 9", "8006", "BODØ", "BODØ", "1804")
HAMAR = Place("Strandgata 44", "2317", "HAMAR", "HAMAR", "3403")
AASGARDSTRAND = Place("Båtsmannsgate 2", "3179", "ÅSGÅRDSTRAND", "HORTEN", "3801")
LONGYEARBYEN = Place("Vei 221-1", "9170", "LONGYEARBYEN", "SVALBARD", "2100")


@dataclass(frozen=True)
class Row:
    """One main unit. `staff`: how many of the crowd are employed there.

    `registered`: a date, or days from today. `subunits`: names, the first where most work.
    `cleaning`: its status in Renholdsregisteret. `staffing`: the statuses of the main unit and of
    each sub-unit in Bemanningsforetaksregisteret. Empty: not in that register.
    """

    case: str
    name: str
    form: str
    industry: str
    subunits: tuple[str, ...] = ("",)
    staff: int = 0
    vat: bool = True
    foretaksregisteret: bool = True
    sector: str = AS_SECTOR
    state: State = "active"
    registered: date | int = date(2014, 4, 2)
    place: Place = OSLO
    closed_subunit: bool = False
    cleaning: str = ""
    staffing: tuple[str, ...] = ()


BUILDING = "41.200"
DEMOLITION = "43.110"
ELECTRICIAN = "43.210"
CARPENTER = "43.320"
PAINTER = "43.341"
ROOFER = "43.910"
ROADS = "42.110"
CLEANING = "81.210"
STAFFING = "78.200"
ACCOUNTING = "69.201"
PROPERTY = "68.209"

WITH_EMPLOYEES, WITHOUT_EMPLOYEES, CONSIDERED, ORDERING, REFUSED = CLEANING_STATUSES
APPROVED, WITHDRAWN = "Godkjent", "Ikke godkjent"

COMPANIES = (
    Row("Byggmester AS", "BYGGMESTER AS", "AS", BUILDING, ("OSLO", "AVD BERGEN"), 24),
    Row("large", "NORDLYS ENTREPRENØR AS", "AS", BUILDING, ("TROMSØ", "BODØ", "ALTA"), 60,
        place=TROMSOE),
    Row("groundwork", "GRUNN OG BETONG AS", "AS", ROADS, staff=14, place=HAMAR),
    Row("blasting", "FJELLSPRENGNING NORD AS", "AS", ROADS, staff=12, place=BODOE),
    Row("electrician", "ELEKTRO ÆRLIG AS", "AS", ELECTRICIAN, staff=12, place=STAVANGER),
    Row("roofer", "TAK OG FASADE VEST AS", "AS", ROOFER, staff=10, place=BERGEN),
    Row("painter", "MALERSØSTRENE AS", "AS", PAINTER, staff=8, place=AASGARDSTRAND),
    Row("demolition", "RIV OG GJENBRUK AS", "AS", DEMOLITION, staff=10, place=TRONDHEIM),
    Row("long name",
        "ENTREPRENØRFELLESSKAPET FOR SAMFERDSEL OG ANLEGG I INDRE ØSTFOLD OG FOLLO AS",
        "AS", ROADS, staff=8),
    Row("public limited", "STORE BYGG ASA", "ASA", BUILDING, ("OSLO", "STAVANGER"), 20),
    Row("new company", "NYSTARTA BYGG AS", "AS", BUILDING, staff=4, registered=-20),
    Row("closed sub-unit", "OPPDAL TØMRERLAG AS", "AS", CARPENTER, ("OPPDAL", "AVD ORKDAL"), 6,
        place=TRONDHEIM, closed_subunit=True),
    # Forms
    Row("ENK", "SNEKKER EVA LIE", "ENK", CARPENTER, sector=ENK_SECTOR, staff=2),
    Row("ENK without employees", "MURER NILS ØDEGÅRD", "ENK", CARPENTER, ("",),
        sector=ENK_SECTOR, foretaksregisteret=False, place=HAMAR),
    Row("ENK with spouse", "RØRLEGGER TOR BRÅTEN", "ENK", "43.221", sector=ENK_SECTOR),
    Row("DA", "MURERBRØDRENE DA", "DA", BUILDING, sector="2300", staff=3, place=BERGEN),
    Row("ANS", "TAKKOMPANIET ANS", "ANS", ROOFER, sector="2300", staff=3, place=STAVANGER),
    Row("NUF", "BALTIJOS STATYBA UAB", "NUF", BUILDING, staff=12, place=GROENLAND),
    Row("NUF not VAT registered", "POLBUD SPÓŁKA Z O.O.", "NUF", BUILDING, staff=6, vat=False,
        place=GROENLAND),
    Row("NUF with private clients", "HAUS UND DACH GMBH", "NUF", ROOFER, staff=3, vat=False,
        place=GROENLAND),
    # Public sector and others without VAT
    Row("municipality", "FJORDVIK KOMMUNE", "KOMM", "84.110", ("TEKNISK ETAT", "RENHOLD"), 20,
        vat=False, foretaksregisteret=False, sector="6500", place=BODOE),
    Row("county", "MIDTLANDET FYLKESKOMMUNE", "FYLK", "84.110", ("SAMFERDSEL",), 5, vat=False,
        foretaksregisteret=False, sector="6500", place=HAMAR),
    Row("municipal enterprise", "FJORDVIK BYGGEIENDOM KF", "KF", PROPERTY, staff=5, vat=False,
        sector="1510", place=BODOE),
    Row("state agency", "STATENS VEI- OG BYGGEETAT", "ORGL", "84.130", ("OSLO", "TROMSØ"), 10,
        vat=False, foretaksregisteret=False, sector="6100"),
    Row("training office", "OPPLÆRINGSKONTORET FOR BYGGFAG SA", "SA", "85.320", staff=5,
        vat=False, sector="7000"),
    Row("interest organisation", "BYGGFAGENES INTERESSEFORENING", "FLI", "94.110", staff=3,
        vat=False, foretaksregisteret=False, sector="7000"),
    Row("property owner", "GÅRDEIERNE I ØVREGATA AS", "AS", PROPERTY, staff=3, vat=False),
    Row("Svalbard", "ARKTISK BYGG AS", "AS", BUILDING, staff=6, vat=False, place=LONGYEARBYEN),
    Row("not VAT registered", "KAFFEBYGG AS", "AS", BUILDING, staff=4, vat=False),
    Row("young and not VAT registered", "FERSK BYGG AS", "AS", BUILDING, staff=2, vat=False,
        registered=-90),
    # Cleaning
    Row("cleaning", "BLANKT RENHOLD AS", "AS", CLEANING, ("OSLO", "AVD DRAMMEN"), 30,
        cleaning=WITH_EMPLOYEES),
    Row("cleaning without employees", "RENE RUTER LINDA VIK", "ENK", CLEANING,
        sector=ENK_SECTOR, cleaning=WITHOUT_EMPLOYEES),
    Row("cleaning not in Foretaksregisteret", "SÅPE OG VANN RUNE AAS", "ENK", CLEANING,
        sector=ENK_SECTOR, foretaksregisteret=False, staff=2, cleaning=WITH_EMPLOYEES),
    Row("cleaning told to order", "SKINNENDE STARTUP AS", "AS", CLEANING, staff=6,
        cleaning=ORDERING),
    Row("cleaning under consideration", "NYVASKET AS", "AS", CLEANING, staff=4,
        cleaning=CONSIDERED),
    Row("cleaning not approved", "STØV OG SØNN AS", "AS", CLEANING, staff=4, cleaning=REFUSED),
    # Staffing
    Row("staffing", "FJELLSTØE BEMANNING AS", "AS", STAFFING, ("OSLO", "BERGEN"), 20,
        staffing=(APPROVED, APPROVED, APPROVED)),
    Row("staffing not approved", "RASKE HENDER AS", "AS", STAFFING, staff=5,
        staffing=(WITHDRAWN, WITHDRAWN)),
    # Companies that may order nothing
    Row("bankrupt", "KONKURSBYGG AS", "AS", BUILDING, staff=5, state="bankrupt"),
    Row("winding up", "AVVIKLET TØMRER AS", "AS", CARPENTER, staff=3, state="winding_up"),
    Row("forced dissolution", "GLEMTE REGNSKAP AS", "AS", CARPENTER, staff=3, state="forced"),
    Row("deleted", "SLETTET BYGG AS", "AS", BUILDING, ("",), 3, state="deleted"),
    Row("removed", "FJERNET BYGG AS", "AS", BUILDING, (), state="removed"),
    # Others
    Row("accountant", "ORDEN I BØKENE AS", "AS", ACCOUNTING, staff=4),
    # Last, so that those before keep their numbers
    Row("cleaning not in the register", "TØRT OG BLANKT AS", "AS", CLEANING, staff=2),
    Row("staffing sub-unit not approved", "TO AVDELINGER BEMANNING AS", "AS", STAFFING,
        ("OSLO", "DRAMMEN"), 4, staffing=(APPROVED, APPROVED, WITHDRAWN)),
    Row("staffing not in the register", "LEIE UT VENNER AS", "AS", STAFFING, staff=2),
)  # fmt: skip
