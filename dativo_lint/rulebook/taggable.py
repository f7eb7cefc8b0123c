"""The taggable resources: a table beside the rules, read when a plan is judged."""

from __future__ import annotations

from functools import cache

from dativo_lint.jobs.taggable import TagKeeping, tag_keeping
from dativo_lint.rulebook.index import TAGGABLE, builtin_data


@cache
def taggable() -> tuple[TagKeeping, ...]:
    """Where the resources of each provider that is known keep their tags."""
    table = builtin_data()[TAGGABLE]
    return tuple(tag_keeping(sink, its) for sink, its in table.items())
