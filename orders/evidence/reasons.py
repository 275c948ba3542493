"""Why a reviewer refuses a piece: the one list of reason codes, with the words people read.

`name` is what the reviewer picks; `advice` tells the orderer and the worker what to do instead.
Codes are stored and never change meaning. Source: the requirements that the card scheme publishes
for photo and identification.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.evidence.models import Piece


@dataclass(frozen=True)
class Reason:
    code: str
    name: Any  # lazy texts
    advice: Any


REASONS: dict[str, tuple[Reason, ...]] = {
    "portrait": (
        Reason(
            "blurred",
            _("Uskarpt bilde"),
            _("Ta et nytt bilde som er skarpt, og hold kameraet i ro."),
        ),
        Reason(
            "background",
            _("Feil bakgrunn eller skygge"),
            _("Stå foran en lys, ensfarget vegg uten skygger."),
        ),
        Reason(
            "covered",
            _("Ansiktet er dekket"),
            _("Hele ansiktet må synes: ikke hjelm, lue, maske eller hår foran øynene."),
        ),
        Reason("glasses", _("Briller"), _("Ta av brillene på bildet.")),
        Reason(
            "pose",
            _("Skjevt eller ikke rett forfra"),
            _("Se rett i kameraet, med rett hode, nøytralt uttrykk og lukket munn."),
        ),
        Reason(
            "small",
            _("Ansiktet er for lite eller kuttet"),
            _("Hele hodet og skuldrene må være med, og ansiktet må fylle bildet bedre."),
        ),
        Reason(
            "light",
            _("For mørkt, for lyst eller skjevt lys"),
            _("Ta bildet i jevnt dagslys, med lyset forfra."),
        ),
        Reason(
            "photo_of_photo",
            _("Bilde av et bilde"),
            _(
                "Ta et nytt bilde av personen. Et bilde av et bilde, et kort eller en skjerm kan "
                "ikke brukes."
            ),
        ),
        Reason(
            "not_same",
            _("Ikke samme person som på legitimasjonen"),
            _("Last opp et bilde av den personen som legitimasjonen gjelder."),
        ),
    ),
    "signature": (
        Reason(
            "unreadable",
            _("Signaturen lar seg ikke lese"),
            _("Skriv signaturen med mørk penn på hvitt papir, og ta et skarpt bilde av den."),
        ),
        Reason(
            "not_signature",
            _("Ikke en signatur"),
            _("Last opp et bilde av personens egen underskrift."),
        ),
        Reason(
            "differs",
            _("Ulik signaturen på legitimasjonen"),
            _("Underskriften må være personens egen, slik den står på legitimasjonen."),
        ),
    ),
    "id_copy": (
        Reason(
            "unreadable",
            _("Legitimasjonen er ikke lesbar"),
            _("Ta et skarpt bilde der all tekst på legitimasjonen kan leses."),
        ),
        Reason(
            "wrong_type",
            _("Legitimasjonen kan ikke brukes"),
            _(
                "Bruk pass, nasjonalt ID-kort fra EU/EØS, norsk førerkort eller oppholdskort. "
                "Bankkort kan ikke brukes."
            ),
        ),
        Reason(
            "expired",
            _("Legitimasjonen er utløpt"),
            _("Last opp en legitimasjon som fortsatt er gyldig."),
        ),
        Reason(
            "other_person",
            _("Navn eller fødselsdato stemmer ikke"),
            _("Legitimasjonen må gjelde den personen som kortet er bestilt til."),
        ),
        Reason(
            "incomplete",
            _("Deler av legitimasjonen mangler"),
            _("Ta bilde av hele siden med foto, uten fingre eller blits over teksten."),
        ),
    ),
}


def reason(kind: str, code: str) -> Reason:
    """The reason with that code for that kind of piece.

    Raises:
        KeyError: there is none.
    """
    found = [reason for reason in REASONS[kind] if reason.code == code]
    if not found:
        raise KeyError(f"{kind}: {code}")
    return found[0]


def reasons(kind: str, codes: list[str]) -> list[Reason]:
    """The reasons with those codes, as stored on a piece."""
    return [reason(kind, code) for code in codes]


def reason_texts(piece: Piece) -> list[str]:
    """Why the piece was refused: what is wrong and what to do, and the reviewer's own words."""
    texts = [f"{why.name}. {why.advice}" for why in reasons(piece.kind, piece.reasons)]
    return [*texts, piece.comment] if piece.comment else texts
