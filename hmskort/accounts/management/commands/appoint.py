"""`manage appoint NAME ROLE...`: somebody works for the card scheme, or no longer does."""

import getpass
import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hmskort.accounts import actions
from hmskort.accounts.models import StaffRole
from hmskort.audit.actor import whoever_runs_this
from registers import national_id
from registers.persons import person_for

ABOUT = """\
Give a person the roles that they have at the issuer: those named, and no others.

The identity number is asked for, or read from standard input; it never stands in the command,
which other programs on the machine can see. The person logs in with ID-porten.

  appoint "Kari Nordmann" reviewer producer   she reviews orders and makes cards
  appoint "Kari Nordmann"                     she has no role any more, and is out at once
"""


class Command(BaseCommand):
    help = ABOUT

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """The help keeps its lines."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="as others at the issuer see it")
        parser.add_argument("roles", nargs="*", choices=[*StaffRole.values, []], metavar="ROLE",
                            help=", ".join(StaffRole.values))  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        number = _asked_for().replace(" ", "")
        if not national_id.is_valid(number):
            raise CommandError("This is no fødselsnummer or D-nummer. Nothing is changed.")
        roles = [StaffRole(role) for role in options["roles"]]
        actions.appoint(
            person=person_for(number), name=options["name"], roles=roles, actor=whoever_runs_this()
        )
        self.stdout.write(f"{options['name']}: {', '.join(roles) or 'no role'}")


def _asked_for() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Fødselsnummer or D-nummer (is not shown): ")
    return sys.stdin.readline().strip()
