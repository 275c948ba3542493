"""How the register requirements stand for the person who wants to order."""

from collections.abc import Iterable
from datetime import date

from hmskort.accounts.models import Access, User
from hmskort.accounts.orderers.rules import OF_THE_ORDERER
from hmskort.accounts.queries import authorisations_on
from hmskort.common import clock
from registers.lookups import Question
from registers.models import CardKind
from registers.requirements.company import OF_THE_COMPANY
from registers.requirements.findings import Finding, Found
from registers.requirements.judge import findings_of, questions_for

NOT_ASKED = frozenset({"udi", "roller"})
SOURCE = Access.Source
NOT_EMPLOYED_BY = frozenset({SOURCE.ROLE, SOURCE.ALTINN, SOURCE.DESK})


def findings_for(user: User, orgnr: str, kind: CardKind, on: date) -> list[Finding]:
    """What is required of the orderer and the company, by what the registers last said.

    Who leads the company, and who orders for it from outside with an authorisation (*fullmakt*),
    need not be employed there.
    """
    if user.person_id is None:
        return []
    wanted = OF_THE_COMPANY | OF_THE_ORDERER
    if not must_be_employed(user, orgnr):
        wanted -= {"employed"}
    if not is_in_folkeregisteret(user):
        wanted -= OF_THE_ORDERER
    found = findings_of(user.person_id, orgnr, kind, on)
    return [finding for finding in found if finding.requirement in wanted]


def must_be_employed(user: User, orgnr: str) -> bool:
    """Is an employment what lets the person order, and not a role or an authorisation?"""
    held = Access.objects.filter(person=user.person_id, main_orgnr=orgnr, ended_at=None)
    return not any(
        access.source in NOT_EMPLOYED_BY or _is_authorised(access)
        for access in held
        if access.holds_on(clock.today())
    )


def _is_authorised(access: Access) -> bool:
    """Does an authorisation (*fullmakt*) let somebody from outside the company order today?"""
    today = authorisations_on(clock.today()).filter(access=access)
    return access.needs_authorisation and today.exists()


def is_in_folkeregisteret(user: User) -> bool:
    """False for somebody from abroad without a Norwegian number: no register knows them."""
    return user.person is not None and user.person.survivor.numbers.exists()


def questions(user: User, orgnr: str, kind: CardKind) -> set[Question]:
    """What the registers are asked about the orderer and the company.

    Not UDI, nor who holds roles: whoever leads the company need not be employed there as it is.
    """
    if user.person is None or not is_in_folkeregisteret(user):
        return {("enhetsregisteret", orgnr)}
    every = questions_for([user.person], orgnr, kind)
    return {(source, subject) for source, subject in every if source not in NOT_ASKED}


def unmet(found: Iterable[Finding]) -> list[Finding]:
    """What refuses: a register that has not answered never does."""
    return [finding for finding in found if finding.found == Found.NOT_MET]


def is_settled(found: Iterable[Finding]) -> bool:
    """True when every requirement is met, or exempt."""
    return all(finding.found in {Found.MET, Found.EXEMPT} for finding in found)
