"""What a sink is, and the entries that it receives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol

from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.place import Place
from dativo_lint.jobs.field_ref import FieldRef, holds_open
from dativo_lint.jobs.layers import Propagation, infrastructure_key
from dativo_lint.jobs.platform_variables import VariableValue
from dativo_lint.jobs.selectors import Selectable
from dativo_lint.jobs.tags import NAMESPACES, Tag, namespace

HIDDEN = "(sensitive)"
"""What stands for a value that is not shown, as in Terraform."""


class SinkTag(Protocol):
    """An entry that a sink receives."""

    @property
    def key(self) -> str: ...
    @property
    def text(self) -> Any:
        """The value as the sink receives it, `ABSENT` where it is known only at run time; a value
        that the sink makes no text of is given as it was written."""

    @property
    def at(self) -> FieldRef:
        """Where the fix belongs."""

    @property
    def tag(self) -> Tag | None:
        """The namespaced tag that it comes from; None for what is not a tag."""

    @property
    def is_secret(self) -> bool:
        """Whether it is in Terraform's hands, which does not show it."""

    @property
    def made_at(self) -> Place | None:
        """The expression of a module that makes another text of the tag."""

    @property
    def is_open(self) -> bool:
        """Whether the value, or a part of it, is known only when the job runs."""


class SinkEntry(NamedTuple):
    """An entry whose tag is at hand."""

    key: str
    text: Any
    at: FieldRef
    tag: Tag | None = None
    is_secret: bool = False
    made_at: Place | None = None

    @property
    def is_open(self) -> bool:
        """Whether the value, or a part of it, is known only when the job runs."""
        return self.text is ABSENT or holds_open(self.text)


class Tagged(Selectable, Protocol):
    """What has tags, a job or a rendered set: the questions that both answer."""

    def value(self, *route: str | int) -> Any:
        """The plain value of a field of the job, or `ABSENT`."""

    def sink(self, name: str) -> tuple[SinkTag, ...]:
        """What a sink receives."""


class TaggedJob(Tagged, Protocol):
    """What sinks ask of a job besides; `jobs.job.Job` has the descriptions."""

    @property
    def connector_type(self) -> FieldRef: ...

    @property
    def propagation(self) -> Propagation: ...

    @property
    def platform_variables(self) -> Mapping[str, VariableValue]: ...

    @property
    def own_variables(self) -> Mapping[str, VariableValue]: ...

    def module_tags(self, cloud: str) -> tuple[SinkTag, ...] | None: ...


class Sink:
    """A place where tags end up; this one, which nothing is known of, stands for any other.

    `title` is what messages call it; `job_fields` are the entries that are fields of the job and no
    tags, each with its field. The platform fills it, unless it is for rules only; `is_cloud` is one
    that is a provider of infrastructure.
    """

    title: str = ""
    is_filled: ClassVar[bool] = True
    is_cloud: ClassVar[bool] = False
    job_fields: ClassVar[Mapping[str, str]] = {}

    def receive(self, _job: TaggedJob) -> Iterable[SinkTag]:
        """What it receives of a job, in the order in which it was assigned."""
        return ()

    def carries(self, _key: str, _namespaces: Collection[str]) -> bool:
        """Whether it receives a tag; the namespaces are those of Dagster asset tags."""
        return False

    def spelled_key(self, key: str) -> str:
        """How a namespaced key is spelled in it."""
        return key

    def tag_key(self, key: str) -> str | None:
        """The namespaced key of one of its keys; None for other keys."""
        return key if "." in key and namespace(key) in NAMESPACES else None

    def spelled(self, value: Any) -> Any:
        """A rendered value as the sink writes it; unchanged if the sink has no spelling for it."""
        return value

    def entries(self, block: FieldRef) -> Iterator[tuple[str, Any, FieldRef]]:
        """Key, value and field of each entry of a rendered set, which is a mapping."""
        for key, value in block.value.items():
            yield str(key), value, block.child(key)


def namespaced(tags: Iterable[Tag]) -> list[SinkTag]:
    """Tags as they are, each under its own key."""
    return [SinkEntry(tag.key, tag.text, tag.at, tag) for tag in tags]


def written_tags(job: TaggedJob) -> Iterator[SinkEntry]:
    """The tags of the infrastructure block as they are written there; one that is null is none."""
    block = job.field("infrastructure", "tags")
    for key, value in block.value.items() if isinstance(block.value, dict) else ():
        if value is not None:
            tag = job.tags.assigned(infrastructure_key(key))
            yield SinkEntry(str(key), value, block.child(key), tag)
