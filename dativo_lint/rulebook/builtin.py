"""The folder of the built-in rules, in an installed package or in a checkout."""

from __future__ import annotations

import os


def builtin_path() -> str:
    """The folder of the built-in rules, one folder a family.

    A wheel carries the rules inside the package; a checkout, and so an editable install, has them
    beside it.
    """
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    packaged = os.path.join(package, "rules")
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(package), "rules")
