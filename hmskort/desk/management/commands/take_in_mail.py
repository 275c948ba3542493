"""`manage take_in_mail < message.eml`: a mail server hands one mail to the desk."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from hmskort.common.uploads.files import NoRoom
from hmskort.desk import incoming, intake


class Command(BaseCommand):
    help = "Takes one e-mail from standard input into a case; a mail server's pipe calls it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends as sysexits.h says: EX_DATAERR bounces the mail, EX_TEMPFAIL has it sent again."""
        try:
            mail = intake.take_in(sys.stdin.buffer.read(incoming.MOST_BYTES + 1))
        except incoming.TooBig:
            sys.exit(os.EX_DATAERR)
        except NoRoom:
            sys.exit(os.EX_TEMPFAIL)
        self.stdout.write(f"case {mail.case.reference}" if mail else "an automatic answer")
