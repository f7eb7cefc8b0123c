"""Contestants: the commands that are measured, the linter in its modes and others beside it."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.processes import Contestant

ROOT = Path(__file__).resolve().parent.parent
FLOOR = "floor (b)"
LINTER = "dativo-lint"
_SCHEMA = ROOT / "dativo_lint" / "schemas" / "job.schema.json"
_SILENT = ", ".join(f"{it}: disable" for it in ("line-length", "comments", "document-start"))
_YAMLLINT = f"{{extends: default, rules: {{{_SILENT}}}}}"
_FOUND = (0, 1)
_ARGUMENTS = 1_500_000
"""Bytes of file names that a command line surely takes."""


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
        self.jobs = sorted(str(it.relative_to(self.folder)) for it in self._files())

    def _files(self) -> Iterator[Path]:
        return (self.folder / "jobs").rglob("*.yaml")

    @property
    def bytes(self) -> int:
        """The size of all job files."""
        return sum((self.folder / path).stat().st_size for path in self.jobs)

    def listing(self, jobs: Sequence[str]) -> Path:
        """A file that lists job files for the floor."""
        file = self.scratch / f"{self.folder.name}-{len(jobs)}.txt"
        file.write_text("\n".join(jobs), encoding="utf-8")
        return file

    def floor(self, jobs: Sequence[str] | None = None) -> Contestant:
        """Floor (b) over the job files, or over some of them."""
        listing = self.listing(self.jobs if jobs is None else jobs)
        return Contestant(FLOOR, [sys.executable, ROOT / "benchmarks" / "floor.py", listing])


class Linter:
    """The linter's command line, in its modes."""

    def __init__(self) -> None:
        # What a hook runs: `python -m` takes some milliseconds more.
        self.command = [str(Path(sys.executable).parent / "dativo-lint"), "check"]

    def cold(self, name: str = LINTER, *paths: str, options: Sequence[str] = ()) -> Contestant:
        """One process, without the cache where there is one."""
        alone = ["--jobs", "1", "--no-cache"]
        return self._contestant(name, [*(paths or ["jobs"]), *alone, *options])

    def warm(self, corpus: Corpus, name: str, *paths: str) -> Contestant:
        """With a cache of its own, which the run before the first measured one fills."""
        return self._with_cache(name, corpus.scratch / f"cache-{len(paths)}", paths=paths)

    def modes(self, corpus: Corpus) -> Iterator[Contestant]:
        """All that can be measured over a whole monorepo."""
        yield self.cold()
        sarif = corpus.scratch / "report.sarif"
        yield self.cold(f"{LINTER}, with SARIF", options=["--format", f"sarif={sarif}"])
        cores = ["--no-cache", "--jobs", "2"]
        yield self._contestant(f"{LINTER}, two processes", ["jobs", *cores])
        yield from self._cached(corpus)

    def _cached(self, corpus: Corpus) -> Iterator[Contestant]:
        cold, warm, edited = (corpus.scratch / f"cache-{it}" for it in ("cold", "warm", "edited"))
        numbers = itertools.count()

        def empty() -> None:
            shutil.rmtree(cold, ignore_errors=True)

        def edit_ten() -> None:
            for path in corpus.jobs[:: max(1, len(corpus.jobs) // 10)][:10]:
                file = corpus.folder / path
                text = file.read_text(encoding="utf-8").rpartition("# edit ")[0] or file.read_text()
                file.write_text(f"{text}# edit {next(numbers)}\n", encoding="utf-8")

        yield self._with_cache(f"{LINTER}, filling the cache", cold, empty)
        known = self._with_cache(f"{LINTER}, warm", warm)

        def learn() -> None:
            # Another contestant edits files between two runs of this one.
            command = list(map(str, known.command))
            subprocess.run(
                command, cwd=corpus.folder, env=environment(), capture_output=True, check=False
            )

        yield replace(known, prepare=learn)
        yield self._with_cache(f"{LINTER}, warm, ten jobs changed", edited, edit_ten)

    def _with_cache(
        self,
        name: str,
        folder: Path,
        prepare: Callable[[], None] = lambda: None,
        paths: Sequence[str] = ("jobs",),
    ) -> Contestant:
        options = ["--jobs", "1", "--cache-dir", str(folder)]
        return self._contestant(name, [*paths, *options], prepare)

    def _contestant(
        self, name: str, arguments: Sequence[str], prepare: Callable[[], None] = lambda: None
    ) -> Contestant:
        return Contestant(name, [*self.command, *arguments], prepare, _FOUND)


def python(name: str, code: str) -> Contestant:
    """A fresh Python that runs a line of code."""
    return Contestant(name, [sys.executable, "-c", code])


def peers(jobs: Sequence[str]) -> Iterator[Contestant]:
    """Other linters of YAML over the same files, where they are installed."""
    if sum(len(path) + 1 for path in jobs) > _ARGUMENTS:
        return
    found = _installed("check-jsonschema")
    if found:
        command = [found, "--schemafile", str(_SCHEMA), *jobs]
        yield Contestant("check-jsonschema", command, expected=_FOUND)
    found = _installed("yamllint")
    if found:
        yield Contestant("yamllint", [found, "-d", _YAMLLINT, *jobs], expected=_FOUND)


def _installed(name: str) -> str | None:
    """A command beside this Python, or on the path."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.is_file() else shutil.which(name)
