"""`python -m fgclip`."""

import sys

from fgclip.cli import main

if __name__ == "__main__":
    sys.exit(main())
