"""Contestants: the commands that are measured, the linter in its modes and the floor."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.processes import Contestant

ROOT = Path(__file__).resolve().parent.parent
FLOOR = "floor"
COLD = "cold"
SARIF = "cold, with SARIF"
FILLING = "filling the cache"
UNCHANGED = "unchanged"
TEN_CHANGED = "ten files changed"
TWO_PROCESSES = "two processes"
IMPORTS = 'python -c "import yaml, click"'

_PROCESSES = "--processes"
"""The option of the linter that says how many processes it uses."""

_FOUND = (0, 1)
"""How the linter ends when it has worked: without and with findings."""


def environment() -> Mapping[str, str]:
    """This environment with the checkout importable, and with bytecode kept."""
    kept = {name: it for name, it in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(path)}


@dataclass
class Corpus:
    """A written monorepo and the job files in it; `scratch` is a folder beside it for files."""

    folder: Path
    scratch: Path
    jobs: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        files = (self.folder / "jobs").rglob("*.yaml")
        self.jobs = sorted(str(file.relative_to(self.folder)) for file in files)

    @property
    def bytes(self) -> int:
        """The size of all job files."""
        return sum((self.folder / path).stat().st_size for path in self.jobs)

    def floor(self) -> Contestant:
        """A fresh Python that loads every job file."""
        listing = self.scratch / f"{self.folder.name}.txt"
        listing.write_text("\n".join(self.jobs), encoding="utf-8")
        return Contestant(FLOOR, [sys.executable, ROOT / "benchmarks" / "floor.py", listing])


class Linter:
    """The linter's command line, in its modes; caches and reports go into a scratch folder."""

    def __init__(self, scratch: Path) -> None:
        # What a hook runs: `python -m` takes some milliseconds more.
        self.command = [str(Path(sys.executable).parent / "dativo-lint"), "check"]
        self._scratch = scratch

    def cold(self, name: str = COLD, *paths: str, options: Sequence[str] = ()) -> Contestant:
        """One process, without the cache."""
        return self._contestant(name, paths, ["--no-cache", _PROCESSES, "1", *options])

    def report(self, form: str, file: Path, name: str = COLD) -> Contestant:
        """A cold run that also writes a report into a file."""
        return self.cold(name, options=["--format", f"{form}={file}"])

    def modes(self, corpus: Corpus) -> list[Contestant]:
        """All that is measured over a whole monorepo."""
        numbers = itertools.count()
        cache = self._scratch / "cache"
        return [
            self.cold(),
            self.report("sarif", self._scratch / "report.sarif", SARIF),
            self._contestant(TWO_PROCESSES, (), ["--no-cache", _PROCESSES, "2"]),
            # In this order and backwards, the cache holds what was there before it is used.
            self.cached(FILLING, lambda: shutil.rmtree(cache, ignore_errors=True)),
            self.cached(UNCHANGED),
            self.cached(TEN_CHANGED, lambda: _edit_ten(corpus, next(numbers))),
        ]

    def cached(self, name: str, prepare: Callable[[], None] = lambda: None) -> Contestant:
        """One process with the cache."""
        options = [_PROCESSES, "1", "--cache-dir", str(self._scratch / "cache")]
        return replace(self._contestant(name, (), options), prepare=prepare)

    def _contestant(self, name: str, paths: Sequence[str], options: Sequence[str]) -> Contestant:
        return Contestant(name, [*self.command, *(paths or ["jobs"]), *options], expected=_FOUND)


def imports() -> Contestant:
    """A fresh Python that imports what every run needs."""
    return Contestant(IMPORTS, [sys.executable, "-c", "import yaml, click"])


def _edit_ten(corpus: Corpus, number: int) -> None:
    """Change ten jobs that lie far apart, each by a comment at its end."""
    for path in corpus.jobs[:: max(1, len(corpus.jobs) // 10)][:10]:
        file = corpus.folder / path
        text = file.read_bytes()
        kept = text.rpartition(b"# edit ")[0] or text
        file.write_bytes(kept + b"# edit %d\n" % number)
