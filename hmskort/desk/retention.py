"""Mail and passports are deleted on their day; that they came, and that they went, stays."""

from datetime import datetime, time

from django.db.models import Max

from hmskort.audit.actor import SYSTEM
from hmskort.common import clock
from hmskort.common.transactions import owns_transaction
from hmskort.desk import rules
from hmskort.desk.attachments import PASSPORT
from hmskort.desk.entries import enter
from hmskort.desk.models import Attachment, Case, Entry, Mail
from hmskort.desk.states import CASE_OPEN

AT_ONCE = 200  # cases of one run; the next goes on


def delete_mail() -> int:
    """The mails of cases that ended long enough ago are gone; of how many cases.

    Their documents are no case's afterwards, and the sweep removes the files.
    """
    before = datetime.combine(
        rules.mail_goes_before(clock.today()), time.min, tzinfo=clock.now().tzinfo
    )
    ended = Case.objects.exclude(state__in=CASE_OPEN).filter(mails__isnull=False)
    old = ended.annotate(last=Max("entries__at")).filter(last__lt=before).order_by("pk")
    cases = list(old[:AT_ONCE])
    for case in cases:
        _delete(case)
    return len(cases)


def delete_passports() -> int:
    """Scans of passports that were sent long enough ago are gone; of how many cases.

    Who was let in stays so. The sweep removes the files.
    """
    before = datetime.combine(
        rules.passports_go_before(clock.today()), time.min, tzinfo=clock.now().tzinfo
    )
    old = Attachment.objects.filter(document=PASSPORT, uploaded_at__lt=before)
    cases = list(Case.objects.filter(attachments__in=old).distinct().order_by("pk")[:AT_ONCE])
    for case in cases:
        _delete_passports(case, before)
    return len(cases)


@owns_transaction
def _delete_passports(case: Case, before: datetime) -> None:
    old = Attachment.objects.filter(case=case, document=PASSPORT, uploaded_at__lt=before)
    if old.delete()[0]:
        enter(case, Entry.Kind.SCAN_GONE, None, SYSTEM)


@owns_transaction
def _delete(case: Case) -> None:
    mails = Mail.objects.select_for_update().filter(case=case)
    if not list(mails) or Case.objects.get(pk=case.pk).state in CASE_OPEN:
        return
    Attachment.objects.filter(mail__case=case).delete()
    mails.delete()
    Case.objects.filter(pk=case.pk).update(mail_at=None)
    enter(case, Entry.Kind.MAIL_GONE, None, SYSTEM)
