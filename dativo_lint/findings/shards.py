"""Shards: the parts of a run that several machines share, and what each hands over to be merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.findings.baseline import Baseline
from dativo_lint.findings.file_results import FileResult
from dativo_lint.rulebook.rule import Rule
from dativo_lint.settings.identity import digest_of
from dativo_lint.settings.settings import Settings, known_settings
from dativo_lint.version import __version__


class Shard(Struct, frozen=True):
    """A part of the files of a run: the one with this number, from 1 on, of so many."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, path: str) -> bool:
        """Whether a file is in this part, which its path alone decides."""
        digest = blake2b(path.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.of == self.number - 1


class Part(Struct, frozen=True, tag=True):
    """What a shard hands over; the `digests`, by the names of what they are of, are the same in
    all shards of a run."""

    shard: Shard
    digests: Mapping[str, str]


class CheckPart(Part, frozen=True, tag="check"):
    """The results of the files in a shard, and all that the report of the whole run needs.

    `files` are the given ones, `dependents` those whose jobs depend on them, `assets` and `reads`
    those that were read for jobs; `left_over` are given files that concern no job of this shard,
    `empty` plans without tags, `judged` the paths of files of which all was judged. The others are
    as in a run. No secret is in any of them.
    """

    settings: Settings
    rules: tuple[Rule, ...]
    baseline: Baseline
    is_whole: bool
    files: Mapping[str, FileResult]
    dependents: Mapping[str, FileResult]
    assets: Mapping[str, FileResult]
    reads: Mapping[str, FileResult]
    judged: tuple[str, ...]
    followed: tuple[str, ...]
    left_over: tuple[str, ...]
    empty: tuple[str, ...]
    skipped: Mapping[str, str]
    warnings: tuple[str, ...]
    ratchet: bool = False


def digests(settings: Settings, rules: Iterable[Rule], **others: object) -> dict[str, str]:
    """Digests of what shards have to have in common, wherever the repository is."""
    names = [name for name in known_settings() if name not in ("rule_folders", "files")]
    values: dict[str, object] = {name: getattr(settings, name) for name in names}
    values |= {"rule files": tuple(rules), **others}
    return {"version": __version__} | {name: digest_of(value) for name, value in values.items()}


def portable(settings: Settings) -> Settings:
    """Settings without what is of one machine."""
    return replace(settings, root="", file=None, rule_folders=(), files=(), faults=())


def plain(part: Part) -> Any:
    """A part as plain data, for JSON."""
    return msgspec.to_builtins(part, str_keys=True)
