"""The two card kinds there are from the start, and what each requires. More are added as data."""

from datetime import date
from typing import Any

BYGG = "FOR-2007-03-30-366 § 3"
RENHOLD = "FOR-2012-05-08-408 § 5"
KINDS: dict[str, dict[str, str]] = {
    "bygg": {
        "name_nb": "Bygg og anlegg",
        "name_nn": "Bygg og anlegg",
        "name_en": "Construction",
        "chip_kind": "construction",
        "source": BYGG,
    },
    "renhold": {
        "name_nb": "Renhold",
        "name_nn": "Reinhald",
        "name_en": "Cleaning",
        "chip_kind": "cleaning",
        "source": RENHOLD,
    },
}
REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "bygg": ("company_exists", "vat_registered", "staffing_approved", "person_exists", "employed"),
    "renhold": (
        "company_exists",
        "vat_registered",
        "in_foretaksregisteret",
        "cleaning_approved",
        "staffing_approved",
        "person_exists",
        "employed",
        "may_work_in_norway",
    ),
}
SINCE = {"bygg": date(2008, 1, 1), "renhold": date(2012, 9, 1)}


def make_kinds(card_kind: Any, kind_requirement: Any) -> None:
    """Both kinds and their requirements exist; what is there is left as it is.

    card_kind, kind_requirement: the models, as they are or as a migration knows them.
    """
    for code, values in KINDS.items():
        kind, _ = card_kind.objects.get_or_create(code=code, defaults=values)
        for position, name in enumerate(REQUIREMENTS[code], 1):
            kind_requirement.objects.get_or_create(
                kind=kind,
                requirement=name,
                since=SINCE[code],
                defaults={"position": position, "source": values["source"]},
            )
