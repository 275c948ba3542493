"""Authorisations (*fullmakter*) of those outside the company: signed here, or stored as a file."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _

from hmskort.accounts.delegation.actions import NotPossible
from hmskort.accounts.models import Access, Authorisation, Right, User
from hmskort.audit.actor import Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.uploads import files
from hmskort.common.uploads.limits import Picture

FOLDER = "authorisations"


@owns_transaction
def sign(
    *, access: Access, blocks_cards: str, statement: str, signed_by: User, actor: Actor
) -> Authorisation:
    """Who leads the company has signed the statement: it holds from today to the access's last day.

    Raises:
        NotPossible: it says that the person blocks cards, and they were not given that right.
    """
    return _authorise(
        "authorisation:signed",
        access,
        actor,
        Authorisation(
            kind=Authorisation.Kind.DIGITAL,
            blocks_cards=blocks_cards,
            from_on=clock.today(),
            to_on=access.to_on,
            statement=statement,
            signed_by=signed_by,
        ),
    )


def store(
    *,
    access: Access,
    blocks_cards: str,
    document: Picture,
    to_on: date | None,
    stored_by: User,
    actor: Actor,
) -> Authorisation:
    """The signed paper is kept as a picture of its pages, and holds until the day it says.

    Raises:
        NotPossible: as `sign`.
        files.NoRoom: nothing could be kept now.
    """
    with files.written(document.jpeg, folder=FOLDER) as [name]:
        return _stored(
            access,
            actor,
            Authorisation(
                kind=Authorisation.Kind.FILE,
                blocks_cards=blocks_cards,
                from_on=clock.today(),
                to_on=to_on,
                file=name,
                sha256=hashlib.sha256(document.jpeg).hexdigest(),
                signed_by=stored_by,
            ),
        )


def remove_orphans() -> int:
    """Files that a killed process left without a row are gone; how many there were."""
    return files.remove_orphans(FOLDER, _named)


def _named(names: Collection[str]) -> Iterable[str]:
    return Authorisation.objects.filter(file__in=names).values_list("file", flat=True)


@owns_transaction
def _stored(access: Access, actor: Actor, row: Authorisation) -> Authorisation:
    return _authorise("authorisation:stored", access, actor, row)


@inside_transaction
def _authorise(event: str, access: Access, actor: Actor, row: Authorisation) -> Authorisation:
    access = Access.objects.select_for_update(of=("self",)).get(pk=access.pk)
    by_the_delegate = row.blocks_cards != Authorisation.Blocks.COMPANY
    if by_the_delegate and Right.BLOCK not in access.rights:
        raise NotPossible(_("Personen har ikke fått rett til å sperre kort. Gi den retten først."))
    row.access = access
    row.save()
    told = {
        "blocks_cards": row.blocks_cards,
        "until": row.to_on.isoformat() if row.to_on else "",
    }
    record(event, actor=actor, subject=access, orgnr=access.main_orgnr, **told)
    return row
