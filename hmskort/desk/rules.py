"""What the law says of cases, as dated values with their source. No clock, no database."""

from datetime import date, timedelta

from cards.rules import months_from
from hmskort.common.dated import Dated, in_force

COMPLAIN_WITHIN = (
    Dated(
        date(1970, 1, 1),
        timedelta(weeks=3),
        "forvaltningsloven §§ 28 og 29: klage innen tre uker fra underretningen kom fram",
    ),
)
"""Counted from the day of the mail. The complaint goes to who decided, § 32."""

MAIL_KEPT = (
    Dated(
        date(2018, 7, 20),
        timedelta(days=365),
        "GDPR artikkel 5 nr. 1 e: et år etter at saken er avgjort, så lenge noen kan spørre",
    ),
)
"""How long mail to the desk is kept, with what came with it, once its case has ended."""

PASSPORT_KEPT_MONTHS = (
    Dated(
        date(2008, 1, 1),
        26,
        "byggekort.no, Veiledning, § 5.5: kopi av legitimasjon slettes etter 26 måneder",
    ),
)
"""Counted from the day that it was sent, whatever became of the application."""


def passports_go_before(today: date) -> date:
    """Scans that were sent before that day are deleted."""
    months = in_force(PASSPORT_KEPT_MONTHS, today).value
    first = months_from(today, -months)
    while months_from(first, months) < today:  # months end on different days
        first += timedelta(days=1)
    return first


def mail_goes_before(today: date) -> date:
    """Mail in cases that ended before that day is deleted."""
    return today - in_force(MAIL_KEPT, today).value


def complain_by(refused_on: date) -> date:
    """The last day on which a refusal of that day may be complained about."""
    return refused_on + in_force(COMPLAIN_WITHIN, refused_on).value
