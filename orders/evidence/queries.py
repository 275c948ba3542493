"""Which pieces there are, and what they look like to the people who read about them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hmskort.common import clock
from orders.evidence.models import Piece
from orders.evidence.photo import texts
from orders.evidence.rules import kept_until
from registers.models import Person


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


def usable_pieces(people: Collection[Person], orgnr: str) -> dict[UUID, dict[str, Piece]]:
    """The newest file of each kind that was uploaded for these people and this company, by person.

    Not one that was refused, nor one that is too old to be used again.
    """
    newest: dict[UUID, dict[str, Piece]] = {}
    for piece in Piece.objects.filter(person__in=people, orgnr=orgnr).order_by("uploaded_at"):
        newest.setdefault(piece.person_id, {})[piece.kind] = piece
    return {
        person: {kind: piece for kind, piece in pieces.items() if _usable(piece)}
        for person, pieces in newest.items()
    }


def _usable(piece: Piece) -> bool:
    uploaded_on = clock.oslo_date(piece.uploaded_at)
    return piece.state != Piece.State.REFUSED and clock.today() <= kept_until(uploaded_on)


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
