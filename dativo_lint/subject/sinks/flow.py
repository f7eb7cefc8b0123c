"""What flows from a job into its sinks, and the entries that arrive."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import Struct

from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.said import Said, holds_open
from dativo_lint.subject.tags import Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document


class SinkTag(NamedTuple):
    """An entry that a sink receives; thousands are made in a run.

    `text` is the value as the sink receives it, `ABSENT` where it is known only at run time; a
    value that the sink makes no text of is given as it was written. `at` is where the mend
    belongs; `tag` the namespaced tag that it comes from, None for what is not a tag.
    """

    key: str
    text: Any
    at: Said
    tag: Tag | None = None

    @property
    def is_open(self) -> bool:
        """Whether the value, or a part of it, is known only when the job runs."""
        return self.text is ABSENT or holds_open(self.text)


Source = SinkTag | Said | str | tuple[Said, str]
"""What an entry comes from: a field, the key of a tag, or both where the mend belongs elsewhere
than where the tag is said last. Of an entry that is whole already, itself."""

Entry = tuple[str, Any, Source]
"""A `SinkTag` in the rough: key and text are all that is looked at of most of them."""


class Flow(Struct, frozen=True, eq=False):
    """What flows into the sinks: a job, its effective tags, and its schedules in the runner."""

    job: Document
    tags: TagSet
    schedules: tuple[Said, ...]
    propagation: Propagation

    def finished(self, entry: Entry) -> SinkTag:
        """An entry with its source."""
        key, text, source = entry
        if isinstance(source, SinkTag):
            return source
        if isinstance(source, Said):
            return SinkTag(key, text, source)
        said, name = source if isinstance(source, tuple) else (None, source)
        tag = self.tags.spoken_of(name)
        if said is None and tag is not None:
            said = tag.at
        return SinkTag(key, text, said or Said(self.job, ()), tag)


def namespace(key: str) -> str:
    """The namespace of a tag: `finops` of `finops.cost_center`."""
    return key.partition(".")[0]
