"""`manage vipps_webhook`: Vipps MobilePay tells the portal what happens to payments."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.urls import reverse

from hmskort.common.services import ServiceError, client_from
from orders.payments.vipps.client import Client

ABOUT = """\
Register the portal's webhook at Vipps MobilePay, once.

Prints the secret that signs its messages, which Vipps tells once: it goes into
HMSKORT_VIPPS_WEBHOOK_SECRET. Where it is registered already nothing is done. A webhook of the
portal's that is told of too little is replaced.

  vipps_webhook           it is registered, if it was not
  vipps_webhook --again   it is registered anew, with another secret: the old one is lost
"""
EVENTS = tuple(
    f"epayments.payment.{what}.v1"
    for what in (
        "authorized", "aborted", "expired", "terminated", "captured", "cancelled", "refunded",
    )
)  # fmt: skip
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('vipps webhook'))"


class Command(BaseCommand):
    help = ABOUT

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """The help keeps its lines."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="with a new secret")

    def handle(self, *args: Any, **options: Any) -> None:
        url = settings.BASE_URL + reverse("payments:vipps_webhook")
        client: Client = client_from(settings.PAYMENT["vipps"])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)  # of two who run it, one registers it
            self._register(client, url, anew=options["again"])

    def _register(self, client: Client, url: str, *, anew: bool) -> None:
        """The old go when the new one is there and its secret, which is told once, is printed."""
        try:
            ours = [webhook for webhook in client.webhooks() if webhook.url == url]
            if not anew and any(webhook.events >= set(EVENTS) for webhook in ours):
                told = f"{url} is registered already; --again gives it a new secret."
                self.stdout.write(told)
                return
            secret = client.register_webhook(url, EVENTS)
        except ServiceError as error:
            raise CommandError(f"{url} is not registered: {error}") from None
        self.stdout.write(f"HMSKORT_VIPPS_WEBHOOK_SECRET={secret}")
        try:
            for webhook in ours:
                client.remove_webhook(webhook.id)
        except ServiceError as error:
            raise CommandError(f"An older webhook is not removed: {error}") from None
