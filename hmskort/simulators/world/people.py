"""The people of the world who stand for a case, one row each. The crowd is in `crowd`.

A whole number is a date counted from today: 29 is in 29 days, -10 was ten days ago.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from registers.udi.simulator import GENERAL

BYGGMESTER = "Byggmester AS"


@dataclass(frozen=True)
class Job:
    """An employment in a sub-unit (by its place among the company's)."""

    company: str
    starts: date | int = date(2023, 3, 1)
    ends: date | int | None = None
    subunit: int = 0


Number = Literal["fodselsnummer", "d_nummer", "d_nummer then fodselsnummer"]
Contact = Literal["usable", "old", "reserved", "none"]


@dataclass(frozen=True)
class Permit:
    """What UDI says: Ja, Nei or Uavklart, and of a yes what it is bound to and its last day."""

    access: str = "Ja"
    kind: str = GENERAL
    ends: date | int | None = None


@dataclass(frozen=True)
class Row:
    """A person who stands for a case.

    `number`: which kind; the last is a D-nummer that was replaced by a fødselsnummer. `posted`:
    work that a foreign company has reported to OAR. `permit`: None where UDI knows nothing.
    `contact`: how it stands in Kontakt- og reservasjonsregisteret.
    """

    case: str
    given_names: str
    surname: str
    born: date
    about: str
    sex: Literal["mann", "kvinne"] = "mann"
    citizenships: tuple[str, ...] = ("NOR",)
    number: Number = "fodselsnummer"
    status: str = "bosatt"
    in_use: bool = True
    died: int | None = None
    registered: bool = True
    jobs: tuple[Job, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()  # company, role code
    delegations: tuple[str, ...] = ()
    logs_in: bool = False
    posted: tuple[Job, ...] = ()
    permit: Permit | None = None
    contact: Contact = "usable"


HERE = (Job(BYGGMESTER),)

WHO_LOG_IN = (
    Row("Kari", "Kari", "Byggestad", date(1979, 5, 14), "daglig leder i Byggmester AS", "kvinne",
        jobs=(Job(BYGGMESTER, date(2015, 1, 5)),), roles=((BYGGMESTER, "DAGL"),), logs_in=True),
    Row("Per", "Per", "Fullmektigsen", date(1984, 9, 2),
        "har fått fullmakt for Byggmester AS av Kari", delegations=(BYGGMESTER,),
        jobs=(Job("accountant"),), logs_in=True),
    Row("Ola", "Ola", "Utenfor", date(1990, 1, 30), "har ingen rolle i noen virksomhet",
        logs_in=True),
    Row("reviewer", "Randi", "Kontrollsæter", date(1971, 3, 8), "kontrollør hos utsteder",
        "kvinne", logs_in=True),
    Row("second reviewer", "Arvid", "Blikk", date(1988, 11, 19), "kontrollør hos utsteder",
        logs_in=True),
    Row("producer", "Pål", "Presse", date(1969, 6, 25), "produserer kort hos utsteder",
        logs_in=True),
    Row("caseworker", "Siri", "Saksvik", date(1982, 12, 4), "saksbehandler hos utsteder",
        "kvinne", logs_in=True),
    Row("second caseworker", "Geir", "Andregang", date(1977, 8, 16), "saksbehandler hos utsteder",
        logs_in=True),
    Row("inspector", "Ivar", "Tilsynsrud", date(1975, 2, 11), "inspektør i Arbeidstilsynet",
        logs_in=True),
    Row("administrator", "Turid", "Ordnes", date(1974, 9, 12), "administrator hos utsteder",
        "kvinne", logs_in=True),
    Row("leader of many", "Mona", "Mangestad", date(1968, 4, 1),
        "daglig leder i tre virksomheter, styreleder i en av dem", "kvinne",
        jobs=(Job("roofer"),),
        roles=(("roofer", "DAGL"), ("painter", "DAGL"), ("demolition", "DAGL"),
               ("roofer", "LEDE")), logs_in=True),
    Row("ENK owner", "Eva", "Lie", date(1986, 7, 7), "innehaver av et enkeltpersonforetak",
        "kvinne", roles=(("ENK", "INNH"),), logs_in=True),
    Row("cleaning leader", "Leyla", "Demir", date(1983, 10, 21), "leder Blankt Renhold AS",
        "kvinne", jobs=(Job("cleaning"),), roles=(("cleaning", "DAGL"),), logs_in=True),
    Row("staffing leader", "Frode", "Fjellstøe", date(1973, 9, 9), "leder et vikarbyrå",
        jobs=(Job("staffing"),), roles=(("staffing", "DAGL"),), logs_in=True),
    Row("NUF representative", "Kęstutis", "Žemaitis", date(1974, 5, 5),
        "norsk representant for en utenlandsk virksomhet", citizenships=("LTU",),
        roles=(("NUF", "REPR"), ("NUF", "DAGL")), jobs=(Job("NUF"),), logs_in=True),
)  # fmt: skip

WORKERS = (
    Row("employed", "Nora", "Tømmerås", date(1995, 8, 23), "ansatt i Byggmester AS", "kvinne",
        jobs=HERE),
    Row("also employed", "Jonas", "Planke", date(1992, 2, 17), "ansatt i Byggmester AS",
        jobs=HERE),
    Row("employed in another sub-unit", "Torill", "Bryggen", date(1980, 6, 6),
        "ansatt i avdelingen i Bergen", "kvinne", jobs=(Job(BYGGMESTER, subunit=1),)),
    Row("employment starts in 29 days", "Sindre", "Snart", date(2001, 5, 12),
        "begynner om 29 dager", jobs=(Job(BYGGMESTER, 29),)),
    Row("employment starts in 30 days", "Selma", "Akkurat", date(2002, 11, 3),
        "begynner om 30 dager", "kvinne", jobs=(Job(BYGGMESTER, 30),)),
    Row("employment starts in 31 days", "Stian", "Ventetid", date(2000, 2, 29),
        "begynner om 31 dager", jobs=(Job(BYGGMESTER, 31),)),
    Row("employment ends in 5 days", "Vilde", "Oppsagt", date(1993, 3, 3),
        "slutter om 5 dager", "kvinne", jobs=(Job(BYGGMESTER, date(2021, 2, 1), 5),)),
    Row("employment ends today", "Odd", "Sistedag", date(1959, 12, 31), "slutter i dag",
        jobs=(Job(BYGGMESTER, date(1999, 4, 1), 0),)),
    Row("employment ended", "Hege", "Sluttet", date(1987, 1, 9), "sluttet for ti dager siden",
        "kvinne", jobs=(Job(BYGGMESTER, date(2020, 9, 1), -10),)),
    Row("employment between two", "Arne", "Mellom", date(1978, 10, 10),
        "sluttet i fjor og begynner igjen om 20 dager",
        jobs=(Job(BYGGMESTER, date(2019, 9, 1), -365), Job(BYGGMESTER, 20))),
    Row("employed elsewhere", "Trine", "Annensteds", date(1991, 4, 18),
        "ansatt i en annen virksomhet", "kvinne", jobs=(Job("groundwork"),)),
    Row("not employed", "Roar", "Ledig", date(1981, 7, 27), "ikke ansatt noe sted",
        contact="none"),
    Row("two employers", "Dag", "Dobbel", date(1989, 9, 1),
        "ansatt i Byggmester AS og i Grunn og Betong AS", jobs=(*HERE, Job("groundwork"))),
    Row("two sub-units", "Unni", "Overalt", date(1985, 5, 20),
        "ansatt i begge avdelingene av Byggmester AS", "kvinne",
        jobs=(Job(BYGGMESTER), Job(BYGGMESTER, date(2024, 8, 1), subunit=1))),
    Row("agency worker", "Vetle", "Vikar", date(1998, 6, 15), "ansatt i et vikarbyrå",
        jobs=(Job("staffing"),)),
    Row("employed in a household", "Berit", "Barnevakt", date(1966, 8, 8),
        "ansatt privat, ikke i en virksomhet", "kvinne", jobs=(Job("household"),)),
    # Folkeregisteret
    Row("dead", "Alf", "Avdød", date(1955, 3, 19), "døde for ti dager siden", status="doed",
        died=-10, jobs=HERE),
    Row("emigrated", "Stig", "Utflyttet", date(1976, 11, 11), "flyttet ut av Norge",
        status="utflyttet", jobs=HERE),
    Row("missing", "Finn", "Forsvunnet", date(1970, 1, 2), "er meldt forsvunnet",
        status="forsvunnet", jobs=HERE),
    Row("D-number", "Piotr", "Nowak", date(1988, 12, 24), "har D-nummer", citizenships=("POL",),
        number="d_nummer", status="midlertidig", jobs=HERE),
    Row("inactive D-number", "Andrzej", "Zając", date(1979, 2, 14),
        "har et D-nummer som er blitt inaktivt", citizenships=("POL",), number="d_nummer",
        status="inaktiv", jobs=HERE),
    Row("changed number", "Marek", "Lewandowski", date(1983, 4, 27),
        "hadde D-nummer og har fått fødselsnummer", citizenships=("POL",),
        number="d_nummer then fodselsnummer", jobs=HERE),
    Row("number not in use", "Tor", "Dublett", date(1984, 4, 4),
        "hadde to numre; dette er tatt ut av bruk", status="opphoert", in_use=False, jobs=HERE),
    Row("not in Folkeregisteret", "Ukjent", "Ukjentsen", date(1990, 10, 10),
        "gyldig nummer som ingen har fått", registered=False),
    Row("17 years old", "Lærke", "Lærling", date(2009, 6, 1), "lærling som er 17 år", "kvinne",
        jobs=(Job(BYGGMESTER, -60),)),
    # Names
    Row("Polish name", "Łukasz", "Świętosławski", date(1986, 1, 6), "polsk navn med ł og ś",
        citizenships=("POL",), jobs=HERE),
    Row("Lithuanian name", "Eglė", "Žukauskaitė", date(1994, 9, 13), "litauisk navn med ė og ž",
        "kvinne", citizenships=("LTU",), jobs=HERE),
    Row("Romanian name", "Ștefan", "Țepeș", date(1981, 3, 30), "rumensk navn med ș og ț",
        citizenships=("ROU",), jobs=HERE),
    Row("apostrophe", "Sinéad", "O'Brien-D’Arcy", date(1990, 3, 17), "navn med apostrofer",
        "kvinne", citizenships=("IRL",), jobs=HERE),
    Row("single name", "", "Suharto", date(1977, 8, 17), "har bare ett navn",
        citizenships=("IDN",), jobs=HERE),
    Row("long name", "Wolfgang Maximilian Ferdinand-Alexander",
        "von Hohenzollern-Sigmaringen und Østensjø-Bjørnstjerne", date(1972, 2, 2),
        "navnet er lengre enn 40 tegn", citizenships=("DEU",), jobs=HERE),
    Row("Sámi name", "Áilu Máhtte", "Čáppabárdni", date(1996, 2, 6), "samisk navn", jobs=HERE),
    Row("hyphen", "Anne-Lise", "Sæther-Ødegård", date(1963, 6, 23), "navn med bindestreker",
        "kvinne", jobs=HERE),
    # Citizenship
    Row("Nordic", "Björn", "Þórsson", date(1987, 12, 1), "islandsk statsborger",
        citizenships=("ISL",), jobs=HERE),
    Row("not EEA", "Oksana", "Melnyk", date(1989, 8, 24), "ukrainsk statsborger", "kvinne",
        citizenships=("UKR",), jobs=(*HERE, Job("cleaning")), permit=Permit()),
    Row("two citizenships", "Amina", "Yusuf", date(1997, 7, 1), "somalisk og norsk statsborger",
        "kvinne", citizenships=("SOM", "NOR"), jobs=HERE),
    Row("stateless", "Karim", "Hassan", date(1985, 5, 15), "statsløs", citizenships=("XXX",),
        jobs=HERE, permit=Permit("Uavklart")),
    # Those who need not be in Aa-registeret
    Row("chair not employed", "Ragnvald", "Styreleder", date(1957, 5, 17),
        "styreleder i Byggmester AS, ikke ansatt", roles=((BYGGMESTER, "LEDE"),)),
    Row("board member not employed", "Gudrun", "Styremedlem", date(1961, 9, 30),
        "styremedlem i Byggmester AS, ikke ansatt", "kvinne", roles=((BYGGMESTER, "MEDL"),)),
    Row("resigned leader", "Kjell", "Fratrådt", date(1964, 4, 4),
        "har vært daglig leder i Byggmester AS", roles=((BYGGMESTER, "DAGL fratraadt"),)),
    Row("DA partner", "Leif", "Murer", date(1974, 10, 28), "deltaker i et DA",
        roles=(("DA", "DTPR"),), logs_in=True),
    Row("ANS partner", "Rolf", "Taksten", date(1976, 1, 22), "deltaker i et ANS",
        roles=(("ANS", "DTSO"),)),
    Row("ENK spouse", "Gerd", "Bråten", date(1970, 3, 3),
        "ektefelle til innehaveren av et enkeltpersonforetak", "kvinne"),
    Row("owner of ENK with spouse", "Tor", "Bråten", date(1967, 12, 12),
        "innehaver av et enkeltpersonforetak", roles=(("ENK with spouse", "INNH"),),
        logs_in=True),
    Row("owner of ENK without employees", "Nils", "Ødegård", date(1965, 2, 28),
        "murer i eget foretak", roles=(("ENK without employees", "INNH"),), logs_in=True),
    Row("cleaner with own ENK", "Linda", "Vik", date(1992, 9, 19),
        "renholder i eget foretak uten ansatte", "kvinne",
        roles=(("cleaning without employees", "INNH"),), logs_in=True),
    Row("dead leader", "Gunnar", "Bortgang", date(1949, 9, 9),
        "daglig leder som er død, men fremdeles registrert", status="doed", died=-40,
        roles=(("blasting", "DAGL"),)),
    # Cleaners
    Row("cleaner", "Rasa", "Balčiūnė", date(1990, 5, 31), "renholder i Blankt Renhold AS",
        "kvinne", citizenships=("LTU",), jobs=(Job("cleaning"),)),
    Row("cleaner outside EEA", "Siriporn", "Chaiyasit", date(1991, 1, 13),
        "renholder fra Thailand som har lov til å arbeide", "kvinne", citizenships=("THA",),
        jobs=(Job("cleaning"),), permit=Permit()),
    Row("cleaner with inactive D-number", "Ivo", "Georgiev", date(1980, 8, 2),
        "renholder med inaktivt D-nummer", citizenships=("BGR",), number="d_nummer",
        status="inaktiv", jobs=(Job("cleaning"),)),
    Row("permit refused", "Rashid", "Anwari", date(1988, 4, 9),
        "renholder fra Afghanistan uten lov til å arbeide", citizenships=("AFG",),
        number="d_nummer", status="midlertidig", jobs=(Job("cleaning"),),
        permit=Permit("Nei")),
    Row("permit unclear", "Fatou", "Jallow", date(1994, 12, 2),
        "renholder fra Gambia; UDI har ikke avklart om hun kan arbeide", "kvinne",
        citizenships=("GMB",), number="d_nummer", status="midlertidig",
        jobs=(Job("cleaning"),), permit=Permit("Uavklart")),
    Row("permit ends in 10 days", "Bakhyt", "Nurlanova", date(1990, 7, 19),
        "renholder fra Kasakhstan som kan arbeide i ti dager til", "kvinne",
        citizenships=("KAZ",), number="d_nummer", status="midlertidig",
        jobs=(Job("cleaning"),), permit=Permit(ends=10)),
    Row("permit for one employer", "Ramon", "Dela Cruz", date(1986, 10, 27),
        "renholder fra Filippinene med tillatelse hos én arbeidsgiver", citizenships=("PHL",),
        number="d_nummer", status="midlertidig", jobs=(Job("cleaning"),),
        permit=Permit(kind="BestemtArbeidsgiverEllerOppdragsgiver", ends=400)),
    Row("permit not known", "Aziza", "Karimova", date(1997, 3, 21),
        "renholder fra Usbekistan som UDI ikke kjenner", "kvinne", citizenships=("UZB",),
        number="d_nummer", status="midlertidig", jobs=(Job("cleaning"),)),
    # Posted from a foreign company: in OAR, not in Aa-registeret
    Row("posted worker", "Gintaras", "Kavaliauskas", date(1982, 8, 30),
        "utsendt av en utenlandsk virksomhet og meldt i OAR", citizenships=("LTU",),
        number="d_nummer", status="midlertidig", posted=(Job("NUF"),)),
    Row("posted worker not reported", "Vytautas", "Mažeika", date(1991, 11, 6),
        "utsendt av en utenlandsk virksomhet, men ikke meldt i OAR", citizenships=("LTU",),
        number="d_nummer", status="midlertidig"),
    Row("posted work ended", "Donatas", "Vaitkus", date(1985, 2, 8),
        "utsendt; oppdraget ble avsluttet for fem dager siden", citizenships=("LTU",),
        number="d_nummer", status="midlertidig", posted=(Job("NUF", date(2024, 5, 6), -5),)),
    Row("posted work starts in 10 days", "Rimantas", "Jonaitis", date(1979, 9, 13),
        "utsendt; begynner om ti dager", citizenships=("LTU",), number="d_nummer",
        status="midlertidig", posted=(Job("NUF", 10),)),
    Row("posted by another company", "Tomasz", "Wrona", date(1987, 6, 25),
        "utsendt av en annen utenlandsk virksomhet", citizenships=("POL",), number="d_nummer",
        status="midlertidig", posted=(Job("NUF not VAT registered"),)),
    # Kontakt- og reservasjonsregisteret
    Row("contact too old", "Borghild", "Gammelpost", date(1956, 4, 12),
        "har ikke bekreftet adressene sine på 19 måneder", "kvinne", jobs=HERE, contact="old"),
    Row("reserved", "Halvdan", "Brevvenn", date(1961, 1, 29),
        "har reservert seg mot digital post", jobs=HERE, contact="reserved"),
)  # fmt: skip
