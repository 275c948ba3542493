"""Agreements with companies that the desk registers on their behalf."""

from django.db import IntegrityError, transaction

from hmskort.accounts.models import User
from hmskort.accounts.orderers import mails
from hmskort.accounts.orderers.errors import AgreementExists
from hmskort.accounts.orderers.models import Agreement
from hmskort.accounts.orderers.rules import terms_version
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from registers import lookups


@owns_transaction
def register_company(*, agreement: Agreement, actor: Actor) -> None:
    """The company has an agreement, and its contact a mail with the way to accept the terms.

    agreement: not saved yet.

    Raises:
        AgreementExists: the company has one already.
    """
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError:
        raise AgreementExists from None
    lookups.want({("enhetsregisteret", agreement.orgnr)}, not_older_than=lookups.EVER)
    record("agreement:registered", actor=actor, subject=agreement, orgnr=agreement.orgnr)
    _invite(agreement, key="1")


@owns_transaction
def invite_again(*, agreement: Agreement, actor: Actor) -> None:
    """The contact has the mail once more, while nobody has accepted the terms."""
    if agreement.accepted_at is None:
        record("agreement:sent_again", actor=actor, subject=agreement, orgnr=agreement.orgnr)
        _invite(agreement, key=clock.now().isoformat(timespec="minutes"))


@owns_transaction
def change_promise(*, agreement: Agreement, days: int | None, actor: Actor) -> None:
    """From now on the agreement promises that cards are sent within these days."""
    Agreement.objects.filter(pk=agreement.pk).update(promise_days=days)
    record(
        "agreement:promise_changed",
        actor=actor,
        subject=agreement,
        orgnr=agreement.orgnr,
        before=agreement.promise_days,
        days=days,
    )


@owns_transaction
def accept(*, agreement: Agreement, user: User, actor: Actor) -> None:
    """Somebody who acts for the company has accepted the terms; the first time counts."""
    waiting = Agreement.objects.filter(pk=agreement.pk, accepted_at=None)
    version = terms_version(clock.today())
    if waiting.update(accepted_at=clock.now(), accepted_by=user, terms_version=version):
        record(
            "agreement:accepted",
            actor=actor,
            subject=agreement,
            orgnr=agreement.orgnr,
            version=version,
        )


@inside_transaction
def _invite(agreement: Agreement, *, key: str) -> None:
    mails.invitation(agreement, key=f"{agreement.orgnr}:{key}")
