"""`manage.py accept_snapshot REGISTER`: a register's whole file is looked at, and accepted."""

from argparse import RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import localize

from hmskort.audit.actor import whoever_runs_this
from hmskort.common.services import ServiceError
from registers import approvals, company_files, readings
from registers.models import Snapshot
from registers.readings import Merged, Weighed

ABOUT = """\
Show what a register's whole file would change, and with --yes take it in as it is.

A file that has lost a fifth of its rows, or that would make more than 0.5 % of the valid cards not
valid, is held: the rows of the file before stand, the log says so at level CRITICAL, and
HMSKORT_OPERATORS_EMAIL gets a mail. Ask the register's owner whether the file is right. If it is:

  accept_snapshot renholdsregisteret        shows today's file beside what is stored
  accept_snapshot renholdsregisteret --yes  the same, and it is taken in; cards follow at once

Each acceptance stands in the history, with the name of this machine's user. A file that is wrong
needs nothing: the next one is read by itself. Of the files of Enhetsregisteret only companies that
the portal knows count; they are otherwise read when a feed of changes was silent for a week.
"""
REGISTERS = (*approvals.REGISTERS, *company_files.FILES)
Merge = Callable[[Snapshot, datetime], Merged]


class Command(BaseCommand):
    help = ABOUT

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """The help keeps its lines."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("register", choices=REGISTERS, metavar="REGISTER",
                            help=", ".join(REGISTERS))  # fmt: skip
        parser.add_argument("--yes", action="store_true", help="take the file in as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        register = options["register"]
        try:
            with _file_of(register) as merge:
                self._tell(register, readings.weigh(register, merge))
                if not options["yes"]:
                    self.stdout.write("Nothing is changed. With --yes the file is taken in.")
                    return
                readings.accept(register=register, merge=merge, actor=whoever_runs_this())
        except ServiceError as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write("Taken in. Those who rest on what changed are being told.")

    def _tell(self, register: str, weighed: Weighed) -> None:
        before, now, stakes = weighed.before, weighed.merged.version, weighed.stakes
        held = Snapshot.objects.filter(pk=register).values_list("trouble", flat=True).first()
        counted = "not bankrupt" if register in company_files.FILES else "approved"
        rows = (
            ("file made", "", str(weighed.merged.generated_at or "does not say")),
            ("rows", before.rows if before else 0, now.rows),
            (counted, before.approved if before else 0, now.approved),
            ("companies that differ", "", len(weighed.merged.changed)),
            ("valid cards", stakes.valid or "", ""),
            ("of these no longer valid", "", stakes.lost),
        )
        self.stdout.write(f"{register}: {held or 'nothing is held'}")
        self.stdout.write(f"{'':<26}{'before':>12}  {'with this file'}")
        for name, earlier, later in rows:
            self.stdout.write(f"{name:<26}{localize(earlier):>12}  {localize(later)}")


@contextmanager
def _file_of(register: str) -> Iterator[Merge]:
    """The register's file of now, fetched whole, whichever was read before."""
    with TemporaryFile() as file:
        if register in company_files.FILES:
            merge = company_files.fetched(register, None, file)
        else:
            merge = approvals.fetched(register, None)
        if merge is None:
            raise CommandError("the register gave no file")
        yield merge
