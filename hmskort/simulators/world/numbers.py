"""Numbers that can belong to nobody: organisation numbers from 31 and 32, months plus 80."""

from collections.abc import Iterable, Iterator
from datetime import date

from registers import national_id, orgnr

SYNTHETIC_MONTH = 80
D_NUMBER_DAY = 40


def orgnrs(start: int) -> Iterator[str]:
    """Valid organisation numbers from eight digits upwards, spread so that they differ at sight."""
    stem = start
    while True:
        valid = (f"{stem}{digit}" for digit in range(10))
        yield from (number for number in valid if orgnr.is_valid(number))
        stem += 1_373


class IdentityNumbers:
    """Hands out synthetic identity numbers, each once, the same in the same order every time.

    taken: numbers that somebody has already.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given = set(taken)

    def fodselsnummer(self, born: date) -> str:
        return self._next(born, born.day)

    def d_nummer(self, born: date) -> str:
        return self._next(born, born.day + D_NUMBER_DAY)

    def _next(self, born: date, day: int) -> str:
        """The first free number of the birth date's series (500-999 from the year 2000)."""
        series = range(500, 1000) if born.year >= 2000 else range(499, -1, -1)
        for serial in series:
            nine = f"{day:02}{born.month + SYNTHETIC_MONTH:02}{born:%y}{serial:03}"
            check = national_id.check_digits(nine)
            if check is not None and nine + check not in self._given:
                self._given.add(nine + check)
                return nine + check
        raise LookupError(f"no number is left for {born}")
