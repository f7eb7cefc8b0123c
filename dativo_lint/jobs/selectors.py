"""Selectors: the tags and fields that may set one fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from msgspec import Struct

from dativo_lint.documents.place import Field
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.layers import PLATFORM_KEYS
from dativo_lint.jobs.tag_values import as_scalar
from dativo_lint.jobs.tags import NAMESPACES, Assignment, Tag, TagSet, folded_key
from dativo_lint.names import nearest

_SCHEDULES = "schedules.tags."
_CLOUD_TAGS = "infrastructure.tags."
_OPEN = ("infrastructure.", "classification.fields.")
"""How the keys of tags begin whose names people choose."""
_KEYS = (*PLATFORM_KEYS, "classification.fields.*")
_FOLDED_KEYS = frozenset(map(folded_key, _KEYS))
INFRASTRUCTURE_FIELDS = ("region", "runtime", "resource_refs", "terraform_module", "terraform_vars")
"""Fields of the infrastructure block that become no tags; a cloud tag may have the same name."""


class Statement(Struct, frozen=True, eq=False):
    """What a tag or a field states."""

    source: Tag | FieldRef
    text: str

    @property
    def name(self) -> str:
        """The field as people write it."""
        return self.source.name

    @property
    def at(self) -> FieldRef:
        """The field that states it most strongly."""
        return self.source.at if isinstance(self.source, Tag) else self.source

    @property
    def trail(self) -> tuple[Assignment, ...]:
        """The trail of the tag, empty for what is no tag."""
        return self.source.trail if isinstance(self.source, Tag) else ()

    @property
    def is_open(self) -> bool:
        """Whether the value is known only at run time."""
        return is_open(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The items of a list, or the value itself."""
        if "," in self.text and any(isinstance(each.written, list) for each in self.trail):
            return tuple(filter(None, self.text.split(",")))
        return (self.text,)


class Selectable(Protocol):
    """What tags and fields are selected from."""

    @property
    def tags(self) -> TagSet:
        """The effective tags by namespaced key."""

    @property
    def schedules(self) -> Sequence[FieldRef]:
        """The entries of runner files that start the job."""

    @property
    def statements(self) -> dict[Selector, list[Statement]]:
        """What is stated, by each selector that a rule has asked for."""

    def field(self, *route: str | int) -> FieldRef:
        """What a field of the job says."""


class Selector(Struct, frozen=True):
    """A tag, a field of the job or a tag of its schedules that may set a fact.

    `key` is set for a tag, in any spelling of its key, `below` for all tags whose keys have that
    prefix, `schedule` for a tag of the job's schedules, `route` for a field of the job.
    """

    key: str | None = None
    below: str | None = None
    schedule: str | None = None
    route: Field = ()

    def statements(self, target: Selectable) -> list[Statement]:
        """What is stated; nothing by what is absent, blank, or no scalar."""
        statements = [
            Statement(tag, text)
            for tag in self._tags(target)
            if (text := tag.text) and not text.isspace()
        ]
        for field in self._fields(target):
            text = as_scalar(field.value) if isinstance(field.value, (str, int, float)) else ""
            if text and not text.isspace():
                statements.append(Statement(field, text))
        return statements

    def _tags(self, target: Selectable) -> Iterable[Tag]:
        if self.key is not None:
            return target.tags.alike(self.key)
        if self.below is None:
            return ()
        return [tag for key, tag in target.tags.items() if key.startswith(self.below)]

    def _fields(self, target: Selectable) -> Iterable[FieldRef]:
        if self.schedule is not None:
            return [schedule.child("tags", self.schedule) for schedule in target.schedules]
        return (target.field(*self.route),) if self.route else ()


def selector(spelled: str) -> Selector:
    """The selector that a rule spells; raises ValueError for one that could select nothing.

    Spelled `finops.cost_center` (a tag), `infrastructure.CostCenter` (a cloud tag), `finops.*` (all
    tags below), `*` (every tag), `schedules.tags.environment`, or `logging.redaction` (a field of
    the job: whatever begins with none of the namespaces of tags).
    """
    if f"{spelled}.".startswith(_CLOUD_TAGS):
        tag = f"infrastructure.{spelled[len(_CLOUD_TAGS) :] or '*'}"
        raise ValueError(f'"{spelled}" is the field of a cloud tag; did you mean "{tag}"?')
    if spelled.endswith("*"):
        start = spelled[:-1]
        if not start.startswith(_OPEN) and not any(key.startswith(start) for key in _KEYS):
            raise ValueError(f'no tag begins with "{start}"; expected finops.* or the like')
        return Selector(below=start)
    if is_tag(spelled):
        space, _, name = spelled.partition(".")
        key = f"{space.lower()}.{name}"
        if not name or (not key.startswith(_OPEN) and folded_key(key) not in _FOLDED_KEYS):
            known = [each for each in _KEYS if each.startswith(f"{space.lower()}.")]
            message = f'unknown tag "{spelled}"; expected one of: {", ".join(known)}'
            raise ValueError(message + nearest(key, known))
        is_field = name.partition(".")[0] in INFRASTRUCTURE_FIELDS
        return Selector(key=key, route=tuple(spelled.split(".")) if is_field else ())
    if spelled.startswith(_SCHEDULES):
        return Selector(schedule=spelled[len(_SCHEDULES) :])
    return Selector(route=tuple(spelled.split(".")))


def is_tag(spelled: str) -> bool:
    """Whether a selector is spelled as the key of a tag."""
    return spelled.partition(".")[0].lower() in NAMESPACES


def select(target: Selectable, selectors: Iterable[Selector]) -> list[Statement]:
    """What several selectors state, in their order."""
    statements: list[Statement] = []
    known = target.statements
    for each in selectors:
        stated = known.get(each)
        if stated is None:
            stated = known[each] = each.statements(target)
        statements += stated
    return statements


@lru_cache(maxsize=4_096)
def folded_word(word: str) -> str:
    """A word without what the grammars of sinks force apart: case, and all but letters and digits.

    Google Cloud takes `fin-001` where AWS has `FIN-001`; both are one cost center.
    """
    text = "".join(char if char.isalnum() else " " for char in word.casefold())
    return "-".join(text.split()) or word
