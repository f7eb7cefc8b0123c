"""Anything with tags: a job or a rendered set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.jobs.tags import TagSet


class Tagged(Protocol):
    """The questions that a job and a rendered set answer alike."""

    @property
    def tags(self) -> TagSet:
        """The effective tags by namespaced key."""
        ...

    @property
    def schedules(self) -> Sequence[FieldRef]:
        """The entries of runner files that start the job."""
        ...

    def said(self, *route: str | int) -> FieldRef:
        """A field of the job, with its value."""
        ...

    def value(self, *route: str | int) -> Any:
        """The plain value of a field of the job, or `ABSENT`."""
        ...

    def sink(self, name: str) -> tuple[SinkTag, ...]:
        """What a sink receives."""
        ...
