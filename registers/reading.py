"""Reading JSON that others wrote: what is there has the documented type, or nothing is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from hmskort.common.services import Unreadable

Kind = TypeVar("Kind")

_REQUIRED: Any = object()


class Reader:
    """One JSON object of a service's answer. Every misfit raises `Unreadable`, without values."""

    def __init__(self, service: str, body: object, where: str = "the answer") -> None:
        if not isinstance(body, Mapping):
            raise Unreadable(service, f"{where} is not an object")
        self._service = service
        self._body = body
        self._where = where

    @property
    def body(self) -> Mapping[str, Any]:
        return self._body

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        return self._typed(key, str, default)

    def number(self, key: str) -> int:
        value: int = self._typed(key, int, _REQUIRED)
        return value

    def flag(self, key: str, default: Any = _REQUIRED) -> Any:
        return self._typed(key, bool, default)

    def date(self, key: str, default: Any = _REQUIRED) -> Any:
        """A date, from `YYYY-MM-DD`, alone or at the start of a moment."""
        text = self._typed(key, str, default)
        if text is default:
            return default
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise self.misfit(key, "is not a date") from None

    def moment(self, key: str, default: Any = _REQUIRED) -> Any:
        """An aware moment, from ISO 8601 with a time zone."""
        text = self._typed(key, str, default)
        if text is default:
            return default
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise self.misfit(key, "is not a moment") from None
        if at.tzinfo is None:
            raise self.misfit(key, "has no time zone")
        return at

    def one_of(self, key: str, meanings: Mapping[str, Kind]) -> Kind:
        """What the code of a closed list means; a code that is not on the list is a misfit."""
        code = self._typed(key, str, _REQUIRED)
        if code not in meanings:
            raise self.misfit(key, "is a code that is not documented")
        return meanings[code]

    def object(self, key: str) -> "Reader":
        return Reader(self._service, self._body.get(key), key)

    def has(self, key: str) -> bool:
        return self._body.get(key) is not None

    def objects(self, key: str) -> list["Reader"]:
        """The objects of a list; a single object counts as a list of one, nothing as none."""
        value = self._body.get(key)
        many = [] if value is None else value if isinstance(value, list) else [value]
        return [Reader(self._service, each, key) for each in many]

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list; nothing counts as none."""
        value = self._body.get(key) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.misfit(key, "is not a list of texts")
        return tuple(value)

    def misfit(self, key: str, fault: str) -> Unreadable:
        return Unreadable(self._service, f"{key} of {self._where} {fault}")

    def _typed(self, key: str, kind: type[Kind], default: Any) -> Any:
        value = self._body.get(key)
        if value is None and default is not _REQUIRED:
            return default
        if not isinstance(value, kind):
            raise self.misfit(key, "is missing" if value is None else "has the wrong type")
        return value
