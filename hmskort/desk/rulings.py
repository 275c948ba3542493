"""Which decisions a caseworker may make in a case, and what is asked for each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hmskort.desk.models import Case
from hmskort.desk.states import CaseState


@dataclass(frozen=True)
class Ruling:
    """A button: what it sends, what it says, how it looks."""

    decision: str
    label: str | Promise
    variant: str = "secondary"
    color: str = ""


@dataclass(frozen=True)
class Rulings:
    """The decisions of a case. dated: the form asks for a period; text: what the reason is for."""

    choices: list[Ruling]
    text: str
    dated: bool = False


def rulings_of(case: Case, *, own_proposal: bool) -> Rulings:
    """What may be decided now. Nobody confirms their own proposal, but may take it back."""
    match CaseState(case.state):
        case CaseState.SENT:
            rulings = _of_a_new_one(case)
        case CaseState.NEEDS_MORE:
            rulings = Rulings([_refusal(case)], _("Begrunnelse"), dated=_is_unclear(case))
        case CaseState.PROPOSED:
            rulings = _of_a_proposal(own=own_proposal)
        case CaseState.GRANTED:
            rulings = _of_what_was_granted(case)
        case CaseState.REFUSED | CaseState.CLOSED:
            rulings = Rulings([Ruling("reopen", _("Ta saken opp igjen"))], _("Hvorfor"))
    return rulings


def _of_a_new_one(case: Case) -> Rulings:
    ask = Ruling("ask", _("Be om mer"))
    reason = _("Begrunnelse, eller det du spør om")
    match Case.Kind(case.kind):
        case Case.Kind.EXEMPTION:
            grant = Ruling("grant", _("Innvilg"), "primary")
            return Rulings([grant, ask, _refusal(case)], reason, dated=True)
        case Case.Kind.DISPUTE:
            propose = Ruling("propose", _("Foreslå overprøving"), "primary")
            return Rulings([propose, ask, _refusal(case)], reason, dated=True)
        case Case.Kind.UNCLEAR:
            propose = Ruling("propose", _("Foreslå at kravet er oppfylt"), "primary")
            register = [Ruling("ask_register", _("Spør registeret igjen"))] if case.person else []
            close = Ruling("close", _("Lukk uten vurdering"), "tertiary")
            return Rulings([propose, ask, _refusal(case), *register, close], reason, dated=True)
        case Case.Kind.MAIL:
            reply = Ruling("reply", _("Svar på e-post og lukk"), "primary")
            close = Ruling("close", _("Lukk uten å svare"))
            return Rulings([reply, close], _("Svaret, eller hvorfor saken lukkes"))
        case Case.Kind.ADMISSION:
            admit = Ruling("admit", _("Godkjenn og lag engangskode"), "primary")
            return Rulings([admit, _refusal(case)], _("Begrunnelse"))


def _of_what_was_granted(case: Case) -> Rulings:
    end = Ruling("end", _("Avslutt"), color="danger")
    if case.kind != Case.Kind.ADMISSION:
        return Rulings([end], _("Hvorfor det ikke gjelder lenger"))
    renew = Ruling("renew", _("Lag ny engangskode"))
    return Rulings(
        [renew, end],
        _("Hvordan du har kontrollert hvem det er, eller hvorfor tilgangen avsluttes"),
    )


def _of_a_proposal(*, own: bool) -> Rulings:
    if own:
        return Rulings([Ruling("decline", _("Trekk forslaget"))], _("Hvorfor"))
    confirm = Ruling("confirm", _("Bekreft"), "primary")
    decline = Ruling("decline", _("Ikke bekreft"), color="danger")
    return Rulings([confirm, decline], _("Begrunnelse hvis du ikke bekrefter"))


def _refusal(case: Case) -> Ruling:
    label = _("Kravet er ikke oppfylt") if _is_unclear(case) else _("Avslå")
    return Ruling("refuse", label, color="danger")


def _is_unclear(case: Case) -> bool:
    return case.kind == Case.Kind.UNCLEAR
