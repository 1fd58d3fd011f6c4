"""`python -m fgclip`."""

import sys

from fgclip.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
