#!/usr/bin/env python3
"""Django's own commands, with the portal's settings. `python3 -m hmskort` is the front door."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
    execute_from_command_line(sys.argv)
