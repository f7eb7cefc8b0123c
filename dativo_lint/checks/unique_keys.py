"""no two tags of a job end under one key"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any

from msgspec import Meta, Struct

from dativo_lint.checks.answers import Mention, Unresolved, Violation
from dativo_lint.checks.named import SinkName
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layer import Layer
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.jobs.tags import Tag

APPLIES_TO = ("job", "rendered")


class Params(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule gives this check."""

    lower_case: Annotated[
        tuple[
            SinkName,
            ...,
        ],
        Meta(
            description=(
                "Providers that take keys in lower case only, so that keys which differ in "
                "case have to become one."
            )
        ),
    ] = ()


_Said = tuple[FieldRef, Any]
_Clash = tuple[str, _Said, _Said]
"""What two words become, and who says what: first the one, then the other."""


def prepare(
    params: Params,
) -> Callable[[Job | RenderedSet], Iterator[Violation | Unresolved]]:
    """Look for keys that collide in the tags themselves, in Dagster, Terraform and the cloud."""
    lower_case = frozenset(params.lower_case)

    def judge(subject: Job | RenderedSet) -> Iterator[Violation | Unresolved]:
        if isinstance(subject, RenderedSet):
            for clash in _in_rendered(subject):
                yield _answer(*clash)
            return
        for clash in (*_overwritten(subject), *_in_terraform(subject)):
            yield _answer(*clash)
        if subject.schedules:
            for clash in _in_dagster(subject):
                yield _answer(*clash)
        provider = subject.value("infrastructure", "provider")
        if isinstance(provider, str) and provider.lower() in lower_case:
            for clash in _in_lower_case(subject.sink(provider.lower())):
                yield _answer(*clash)

    return judge


def _overwritten(subject: Job) -> Iterator[_Clash]:
    """Words of the infrastructure block that overwrite another of its words."""
    for tag in subject.tags.values():
        if len(tag.trail) > 1 and tag.trail[-2].layer is Layer.INFRASTRUCTURE:
            before, last = tag.trail[-2:]
            if before.text != last.text:
                yield f"the tag {tag.key}", (before.at, before.written), (last.at, last.written)


def _in_rendered(rendered: RenderedSet) -> Iterator[_Clash]:
    """Entries of a rendered set that stand for one tag in two spellings."""
    seen: dict[str, SinkTag] = {}
    for entry in rendered.entries:
        if entry.tag is not None:
            other = seen.setdefault(entry.tag.key, entry)
            if other.text != entry.text:
                clash = (other.at, other.text), (entry.at, entry.text)
                yield f"the tag {entry.tag.key}", *clash


def _in_dagster(subject: Job) -> Iterator[_Clash]:
    """Tags of a schedule that overwrite its name, or what the job gives to Dagster.

    Each schedule makes an asset of its own, so two schedules are no clash.
    """
    received: dict[tuple[str, Any], SinkTag] = {}
    runners = {id(schedule.document) for schedule in subject.schedules}
    for tag in subject.sink("dagster"):
        runner = id(tag.at.document)
        schedule = (runner, tag.at.route[:4]) if runner in runners else None
        other = received.get((tag.key, None)) or received.get((tag.key, schedule))
        received[tag.key, schedule] = tag
        if other is not None and other.text != tag.text:
            yield f"the Dagster tag {tag.key}", (other.at, other.text), (tag.at, tag.text)


def _in_terraform(subject: Job) -> Iterator[_Clash]:
    """Tags whose keys are one variable, because a name in Terraform holds no dots."""
    tags = subject.tags
    seen: dict[str, Tag] = {}
    for key, tag in tags.items():
        name = key.replace(".", "_")
        other = seen.setdefault(name, tag)
        if other.text != tag.text:
            yield f"the Terraform variable {name}", (other.at, other.text), (tag.at, tag.text)


def _in_lower_case(tags: Iterable[SinkTag]) -> Iterator[_Clash]:
    seen: dict[str, SinkTag] = {}
    for tag in tags:
        key = tag.key.lower()
        other = seen.setdefault(key, tag)
        if shown(other.text).lower() != shown(tag.text).lower():
            yield f"the label {key} in lower case", (other.at, other.text), (tag.at, tag.text)


def _answer(what: str, first: _Said, second: _Said) -> Violation | Unresolved:
    other, other_value = first
    at, value = second
    message = (
        f"{at.name} ({shown(value)}) and {other.name} ({shown(other_value)}) both become {what}"
    )
    if is_open(value) or is_open(other_value):
        return Unresolved(at.key, message)
    return Violation(
        at.key, message, (Mention(other.key, f"{other.name} is {shown(other_value)}"),)
    )
