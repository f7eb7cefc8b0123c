"""Where the built-in rules lie, in an installed package or in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def builtin_folder() -> Path:
    """The folder of the built-in rules, one folder a family.

    A wheel carries the rules inside the package; a checkout, and so an editable install, has them
    beside it.
    """
    packaged = _PACKAGE / "rules"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "rules"
