"""What `--version -v` adds to the version, for bug reports."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version

_NAME = re.compile(r"[A-Za-z0-9_.-]+")


def environment() -> Iterator[str]:
    """A line each: Python, the platform, and every package that the tool needs."""
    yield f"{platform.python_implementation()} {platform.python_version()} ({sys.executable})"
    yield platform.platform()
    for requirement in sorted(requires("dativo-lint") or (), key=str.lower):
        name = _NAME.match(requirement)
        with suppress(PackageNotFoundError):  # another version of Python needs it
            yield f"{name[0]} {version(name[0])}" if name else requirement
