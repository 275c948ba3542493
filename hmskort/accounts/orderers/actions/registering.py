"""Who wants to order is registered as orderer and has a BestillerID."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from hmskort.accounts.models import User
from hmskort.accounts.orderers import mails, standing
from hmskort.accounts.orderers.actions.contact import set_phone, want_address
from hmskort.accounts.orderers.errors import Refused, TooSoon
from hmskort.accounts.orderers.models import Orderer
from hmskort.accounts.orderers.numbers import new_number
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers import lookups
from registers.models import CardKind, Person

SEND_AGAIN_AFTER = timedelta(minutes=1)
TRIES = 5  # two orderers who drew the same number: 1 in 10^10


@owns_transaction
def ask_registers(
    *, user: User, orgnr: str, kind: CardKind, fresh_for: timedelta = lookups.FRESH_ENOUGH
) -> None:
    """The registers are asked what is required of the orderer, unless they answered so lately."""
    lookups.want(standing.questions(user, orgnr, kind), not_older_than=clock.now() - fresh_for)


@owns_transaction
def register(
    *,
    user: User,
    orgnr: str,
    company_name: str,
    kind: CardKind,
    email: str,
    phone: str,
    actor: Actor,
) -> Orderer:
    """The person is registered as orderer of this kind and the BestillerID is e-mailed, once.

    A register that has not answered refuses nobody: they are judged again when they order.

    Raises:
        Refused: a requirement on the orderer or the company is not met; nothing has changed.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    found = standing.findings_for(user, orgnr, kind, clock.today())
    if unmet := standing.unmet(found):
        raise Refused(unmet)
    address = want_address(user=user, email=email)
    set_phone(user=user, phone=phone, actor=actor)
    user.name = (user.person.name if user.person else "") or user.name
    user.language = (get_language() or user.language)[:2]
    user.save(update_fields=["language", "name"])
    orderer = enrol(user=user, orgnr=orgnr, company_name=company_name, kind=kind, actor=actor)
    if standing.is_settled(found) and orderer.settled_at is None:
        orderer.settled_at = clock.now()
    if orderer.sent_at is None:
        orderer.sent_at = clock.now()
        mails.registered(orderer, to=email, key=str(orderer.pk), address=address)
    orderer.save(update_fields=["settled_at", "sent_at"])
    return orderer


@inside_transaction
def enrol(*, user: User, orgnr: str, company_name: str, kind: CardKind, actor: Actor) -> Orderer:
    """The person has a BestillerID for this company and kind: the one there is, or a new one."""
    held = Orderer.objects.filter(user=user, orgnr=orgnr, kind=kind).first()
    if held:
        return held
    orderer = _numbered(Orderer(user=user, orgnr=orgnr, company_name=company_name, kind=kind))
    record("orderer:registered", actor=actor, subject=orderer, orgnr=orgnr, kind=kind.code)
    return orderer


def _numbered(orderer: Orderer) -> Orderer:
    for _ in range(TRIES - 1):
        try:
            with transaction.atomic():
                orderer.save()
        except IntegrityError:
            orderer.number = new_number()
        else:
            return orderer
    orderer.save()
    return orderer


@owns_transaction
def send_again(*, orderer: Orderer, actor: Actor) -> None:
    """The BestillerID is e-mailed once more, to the address that counts, or waits to.

    Raises:
        TooSoon: it was sent a moment ago.
    """
    orderer = Orderer.objects.select_for_update(of=("self",)).get(pk=orderer.pk)
    now = clock.now()
    if orderer.sent_at and now - orderer.sent_at < SEND_AGAIN_AFTER:
        raise TooSoon
    address = EmailAddress.objects.filter(user=orderer.user, verified=False).first()
    to = orderer.user.email or (address.email if address else "")
    orderer.sent_at = now
    orderer.save(update_fields=["sent_at"])
    mails.registered(
        orderer,
        to=to,
        key=f"{orderer.pk}:{now.isoformat()}",
        address=None if orderer.user.email else address,
    )
    record("orderer:sent_again", actor=actor, subject=orderer, orgnr=orderer.orgnr)


@inside_transaction
def judge_again(*, orderer: Orderer) -> None:
    """Whoever was registered while a register was silent is judged by what it has said since.

    Raises:
        Refused: a requirement is not met.
    """
    found = standing.findings_for(orderer.user, orderer.orgnr, orderer.kind, clock.today())
    if unmet := standing.unmet(found):
        raise Refused(unmet)
    if standing.is_settled(found):
        Orderer.objects.filter(pk=orderer.pk).update(settled_at=clock.now())
        return
    lookups.want(
        standing.questions(orderer.user, orderer.orgnr, orderer.kind),
        not_older_than=clock.now() - lookups.FRESH_ENOUGH,
    )


@owns_transaction
def merge(*, old: Person, one: Person) -> None:
    """The one's user has the old row's BestillerIDs too, save where they have one of that kind."""
    user = User.objects.filter(person=one).first()
    if user is None:
        return
    held = set(Orderer.objects.filter(user=user).values_list("orgnr", "kind"))
    for orderer in Orderer.objects.filter(user__person=old).select_for_update(of=("self",)):
        if (orderer.orgnr, orderer.kind_id) not in held:
            Orderer.objects.filter(pk=orderer.pk).update(user=user)
