"""`python3 -m hmskort road`: from login to a valid card, with the time of each step."""

import sys

import django

django.setup()  # the world's companies and people are read through Django's settings

from hmskort.road.command import run  # noqa: E402

if __name__ == "__main__":
    sys.exit(run())
