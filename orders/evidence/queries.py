"""What a piece looks like to the people who read about it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orders.evidence.models import Piece
from orders.evidence.photo import texts


@dataclass(frozen=True)
class Check:
    """One finding of the automatic check, in the reader's language."""

    name: str
    verdict: str  # ok, look or bad
    seen: str
    advice: str
    value: str
    limit: str


def checks_of(piece: Piece) -> list[Check]:
    """The findings about a portrait; none before they have come, or for other kinds."""
    return [_check(finding) for finding in piece.checks or []]


def advice_about(piece: Piece) -> list[Check]:
    """The findings that somebody should do something about."""
    return [check for check in checks_of(piece) if check.verdict != "ok"]


def unchecked_portrait(piece_id: UUID | str) -> Piece | None:
    """The portrait when it waits for its automatic check."""
    return Piece.objects.filter(pk=piece_id, kind=Piece.Kind.PORTRAIT, checks__isnull=True).first()


def _check(finding: dict[str, object]) -> Check:
    code = str(finding["text"])
    return Check(
        name=str(texts.CHECKS[str(finding["check"])]),
        verdict=str(finding["verdict"]),
        seen=str(texts.SEEN[code]),
        advice=str(texts.ADVICE.get(code, "")),
        value=_number(finding["value"]),
        limit=_number(finding["limit"]),
    )


def _number(value: Any) -> str:
    """Two decimals for small numbers, none for large, with a comma."""
    return "" if value is None else f"{value:.{0 if value >= 10 else 2}f}".replace(".", ",")
