"""Names of the crowd, by citizenship. Put together at random; nobody real is meant."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Given names of women and men, and surnames, for one citizenship (ISO 3166-1 alpha-3)."""

    citizenship: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]


NORWEGIAN = Names(
    "NOR",
    (
        "Ingrid",
        "Solveig",
        "Astrid",
        "Ragnhild",
        "Marte",
        "Hilde",
        "Åse",
        "Turid",
        "Gro",
        "Sunniva",
        "Ane",
        "Tuva",
    ),
    (
        "Lars",
        "Øyvind",
        "Håkon",
        "Bjørn",
        "Trygve",
        "Sverre",
        "Even",
        "Magnus",
        "Åsmund",
        "Tore",
        "Sondre",
        "Jørn",
        "Petter",
    ),
    (
        "Lie",
        "Bakke",
        "Haugen",
        "Berg",
        "Moen",
        "Sæther",
        "Ødegård",
        "Hagen",
        "Solberg",
        "Strand",
        "Nygård",
        "Vik",
        "Aas",
        "Myhre",
        "Brekke",
        "Fossum",
        "Kvåle",
        "Røed",
        "Tangen",
        "Sørlie",
        "Øien",
        "Lunde",
        "Hovland",
        "Bråten",
    ),
)
POLISH = Names(
    "POL",
    ("Agnieszka", "Małgorzata", "Katarzyna", "Grażyna"),
    ("Łukasz", "Paweł", "Michał", "Krzysztof", "Wojciech", "Stanisław"),
    ("Wójcik", "Kowalczyk", "Dąbrowski", "Kozłowski", "Jabłoński", "Zięba", "Gołębiewski"),
)
LITHUANIAN = Names(
    "LTU",
    ("Eglė", "Jurgita", "Rasa", "Živilė"),
    ("Mindaugas", "Žydrūnas", "Darius", "Kęstutis", "Šarūnas"),
    ("Kazlauskas", "Petrauskienė", "Žukauskas", "Stankevičius", "Urbonaitė"),
)
ROMANIAN = Names(
    "ROU",
    ("Ioana", "Ștefania", "Mihaela"),
    ("Ionuț", "Ștefan", "Răzvan", "Bogdan"),
    ("Popescu", "Țurcanu", "Ionescu", "Brăiloiu", "Mureșan"),
)
SWEDISH = Names(
    "SWE",
    ("Malin", "Linnéa", "Åsa"),
    ("Göran", "Björn", "Per-Åke"),
    ("Lindström", "Sjögren", "Åkesson"),
)
UKRAINIAN = Names(
    "UKR",
    ("Oksana", "Yuliia"),
    ("Oleksandr", "Mykola", "Dmytro"),
    ("Shevchenko", "Kovalenko", "Bondar"),
)

# How the crowd is made up: one round of ten.
ROUND = (
    NORWEGIAN,
    NORWEGIAN,
    POLISH,
    NORWEGIAN,
    LITHUANIAN,
    NORWEGIAN,
    POLISH,
    ROMANIAN,
    NORWEGIAN,
    SWEDISH,
)
CLEANING_ROUND = (NORWEGIAN, LITHUANIAN, POLISH, UKRAINIAN, NORWEGIAN, ROMANIAN)
