"""The money of every order, and whether it adds up."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from orders.balance import Balance, balances


class Command(BaseCommand):
    """Prints a line for each order, or for each that does not add up, and the sums of all."""

    help = "Prints what was captured, invoiced and given back; ends with 1 if it does not add up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wrong", action="store_true", help="only orders that do not add up")

    def handle(self, *args: Any, **options: Any) -> None:
        taken = returned = owed = moving = wrong = orders = 0
        for one in balances():
            orders += 1
            taken += one.taken_ore
            returned += one.returned_ore
            owed += one.owed_ore if one.settled else one.left_ore
            moving += not one.settled
            wrong += bool(one.wrong)
            if one.wrong or not options["wrong"]:
                self.stdout.write(_line(one))
        self.stdout.write(
            f"{orders} orders: taken {_kr(taken)} - given back {_kr(returned)} = "
            f"{_kr(taken - returned)}; sold {_kr(owed)}; {moving} under way, {wrong} wrong"
        )
        if wrong:
            sys.exit(1)


def _line(one: Balance) -> str:
    state = "; ".join(one.wrong) or ("" if one.settled else "under way")
    return (
        f"{one.reference:12} {one.method:8} {_kr(one.taken_ore):>14} -{_kr(one.returned_ore):>12}"
        f" = {_kr(one.left_ore):>14} {_kr(one.owed_ore):>14}  {state}"
    ).rstrip()


def _kr(ore: int) -> str:
    return f"{ore / 100:.2f}"
