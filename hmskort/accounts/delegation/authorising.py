"""Authorisations (*fullmakter*) of those outside the company: signed here, or stored as a file."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from hmskort.accounts.delegation import mails
from hmskort.accounts.delegation.actions import NotPossible, as_stored, told
from hmskort.accounts.delegation.rules import authorisations_go_before
from hmskort.accounts.models import Access, Authorisation, Right, User
from hmskort.audit.actor import SYSTEM, Actor
from hmskort.audit.record import record
from hmskort.common import clock
from hmskort.common.transactions import inside_transaction, owns_transaction
from hmskort.common.uploads import files
from hmskort.common.uploads.limits import Picture

FOLDER = "authorisations"
AT_ONCE = 200  # deleted in one run; the next goes on


@owns_transaction
def sign(
    *,
    access: Access,
    rights: Collection[str],
    blocks_cards: str,
    statement: str,
    signed_by: User,
    actor: Actor,
) -> Authorisation:
    """Who leads the company has signed the statement: it holds from today to the access's last day.

    The access gives what the authorisation is for, from now on.

    Raises:
        NotPossible: who blocks cards, and whether the right to it is given, do not agree.
    """
    return _authorise(
        "authorisation:signed",
        access,
        actor,
        Authorisation(
            kind=Authorisation.Kind.DIGITAL,
            blocks_cards=blocks_cards,
            rights=as_stored(rights),
            from_on=clock.today(),
            to_on=access.to_on,
            statement=statement,
            signed_by=signed_by,
        ),
    )


def store(
    *,
    access: Access,
    rights: Collection[str],
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
                rights=as_stored(rights),
                from_on=clock.today(),
                to_on=to_on,
                file=name,
                sha256=hashlib.sha256(document.jpeg).hexdigest(),
                signed_by=stored_by,
            ),
        )


@owns_transaction
def delete_old() -> int:
    """Authorisations that stopped holding long ago are gone; how many. The history says so.

    A stored paper is no row's afterwards, and the sweep removes the file.
    """
    before = authorisations_go_before(clock.today())
    over = Q(to_on__lt=before) | Q(access__to_on__lt=before)
    over |= Q(access__ended_at__date__lt=before)
    rows = Authorisation.objects.select_for_update(of=("self",), skip_locked=True).filter(over)
    old = list(rows.select_related("access").order_by("pk")[:AT_ONCE])
    for row in old:
        orgnr = row.access.main_orgnr
        record("authorisation:deleted", actor=SYSTEM, subject=row.access, orgnr=orgnr)
        row.delete()
    return len(old)


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
    if by_the_delegate and Right.BLOCK not in row.rights:
        raise NotPossible(
            _("Skal personen melde kort sperret eller tapt, må fullmakten omfatte det.")
        )
    if not by_the_delegate and Right.BLOCK in row.rights:
        raise NotPossible(
            _("Skal virksomheten melde kort sperret eller tapt, kan fullmakten ikke omfatte det.")
        )
    row.access = access
    row.save()
    record(
        event,
        actor=actor,
        subject=access,
        orgnr=access.main_orgnr,
        blocks_cards=row.blocks_cards,
        covers=row.rights,
        until=row.to_on.isoformat() if row.to_on else "",
    )
    _give_what_it_is_for(access, row, actor)
    return row


@inside_transaction
def _give_what_it_is_for(access: Access, row: Authorisation, actor: Actor) -> None:
    before = told(access)
    if access.rights == row.rights:
        return
    access.rights = row.rights
    access.save(update_fields=["rights"])
    after = told(access)
    record(
        "delegation:changed",
        actor=actor,
        subject=access,
        orgnr=access.main_orgnr,
        before=before,
        **after,
    )
    mails.changed(access)
