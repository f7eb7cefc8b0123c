"""The command line, as `python -m dativo_lint`."""

import sys

from dativo_lint.cli import main

if __name__ == "__main__":
    sys.exit(main())
