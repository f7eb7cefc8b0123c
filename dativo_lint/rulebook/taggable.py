"""Which resources take tags: a table beside the rules, read when a plan is judged."""

from __future__ import annotations

from functools import lru_cache

from dativo_lint.rulebook.index import TAGGABLE, indexed, taggable_texts
from dativo_lint.subject.taggable import TagKeeping, tag_keeping


@lru_cache(maxsize=1)
def taggable() -> tuple[TagKeeping, ...]:
    """Where the resources of each provider that is known keep their tags."""
    (written,) = indexed(taggable_texts(), TAGGABLE).values()
    return tuple(tag_keeping(sink, its) for sink, its in written.items())
