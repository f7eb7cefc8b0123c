"""Python, the platform, and the packages that the tool uses: for bug reports and `doctor`."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version

from msgspec import Struct

_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^]]*\])?(?:>=([\w.]+))?(?:.*extra == .(\w+))?")


class Package(Struct, frozen=True):
    """A package that the tool can use: its version, None if it is not installed; the lowest that
    is tested; and the extra that it belongs to, empty for what is always needed."""

    name: str
    version: str | None
    lowest: str
    extra: str

    @property
    def is_too_old(self) -> bool:
        """Whether the version is below the lowest that is tested."""
        return self.version is not None and _numbers(self.version) < _numbers(self.lowest)


def environment() -> Iterator[str]:
    """A line each: Python, the platform, and every package that is installed for the tool."""
    yield f"{platform.python_implementation()} {platform.python_version()} ({sys.executable})"
    yield platform.platform()
    yield from (f"{each.name} {each.version}" for each in packages() if each.version)


def packages() -> Iterator[Package]:
    """The packages that the tool names, sorted; those for other versions of Python have none."""
    written: list[str] = []
    with suppress(PackageNotFoundError):  # the tool runs without having been installed
        written = requires("dativo-lint") or []
    for requirement in sorted(written, key=str.lower):
        if match := _REQUIREMENT.match(requirement):
            name, lowest, extra = match.groups("")
            installed = None
            with suppress(PackageNotFoundError):
                installed = version(name)
            yield Package(name, installed, lowest, extra)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
