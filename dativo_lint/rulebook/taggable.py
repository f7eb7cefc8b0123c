"""Which resources take tags: a table beside the rules, read when a plan is judged."""

from __future__ import annotations

from functools import lru_cache

from dativo_lint.rulebook.builtin import builtin_folder
from dativo_lint.subject.taggable import TagKeeping, tag_keeping
from dativo_lint.texts.yaml_reader import read_yaml


@lru_cache(maxsize=1)
def taggable() -> tuple[TagKeeping, ...]:
    """Where the resources of each provider that is known keep their tags."""
    content = (builtin_folder() / "taggable.yaml").read_bytes()
    written = read_yaml("rules/taggable.yaml", content).documents[0].data
    return tuple(tag_keeping(sink, its) for sink, its in written.items())
