"""`python3 -m hmskort COMMAND`: needs nothing but the standard library to begin with."""

import sys

from hmskort.local.command_line import main

if __name__ == "__main__":
    sys.exit(main())
