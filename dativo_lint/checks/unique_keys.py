"""no two tags of a job have the same key in a sink"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated, Any

from dativo_lint.checks.messages import listed, removal
from dativo_lint.checks.params import RuleParams, SinkName, about, provider_of
from dativo_lint.checks.violation import Placed, Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.edits.fix import Fix
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.jobs.tags import Layer, Tag

APPLIES_TO = ("job", "rendered")


class Check(RuleParams, frozen=True):
    lower_case: Annotated[
        tuple[SinkName, ...],
        about("Providers with lowercase keys, where keys that differ only in case collide."),
    ] = ()
    any_case: Annotated[
        tuple[str, ...], about("Resource types whose keys must differ in more than case.")
    ] = ()

    def judge(self, target: Job | RenderedSet) -> Results:
        """Look for keys that collide in the tags, in Dagster, Terraform and the cloud."""
        clashes = _in_rendered(target) if isinstance(target, RenderedSet) else self._in_job(target)
        for what, (other, other_value), (at, value) in clashes:
            message = f"{at.name} ({quoted(value)}) and {other.name} ({quoted(other_value)})"
            message += f" both become {what}"
            if is_open(value) or is_open(other_value):
                yield Unresolved(at.key, message)
            else:
                mention = Related(other.key, f"{other.name} is {quoted(other_value)}")
                yield Violation(at.key, message, (mention,), _removal(target, at))
        if self.any_case:
            yield from _in_any_case(target, self.any_case)

    def _in_job(self, job: Job) -> "Iterator[_Clash]":
        cloud = provider_of(job)
        labels = job.sink(cloud) if cloud in self.lower_case else ()
        schedules = _in_dagster(job) if job.schedules else ()
        return chain(_overwritten(job), _in_terraform(job), schedules, _in_lower_case(labels))


_Value = tuple[FieldRef, Any]
_Clash = tuple[str, _Value, _Value]
"""What two values become, and where each is set: first the one, then the other."""


def _removal(target: Job | RenderedSet, at: FieldRef) -> tuple[Fix, ...]:
    """The fix that removes a tag of the job."""
    is_tag = at.route[:2] == ("infrastructure", "tags")
    if isinstance(target, RenderedSet) or at.document is not target.config or not is_tag:
        return ()
    return removal(at)


def _overwritten(job: Job) -> Iterator[_Clash]:
    """Values of the infrastructure block that overwrite another of its values."""
    for key, tag in job.tags.items():
        if key.startswith("infrastructure.") and len(tag.trail) > 1:
            before, last = tag.trail[-2:]
            if before.layer is Layer.INFRASTRUCTURE and before.text != last.text:
                yield f"the tag {tag.key}", (before.at, before.written), (last.at, last.written)


def _in_rendered(rendered: RenderedSet) -> Iterator[_Clash]:
    """Entries of a rendered set that are one tag in two spellings."""
    seen: dict[str, SinkTag] = {}
    for entry in rendered.entries:
        if entry.tag is not None:
            yield from _clash(f"the tag {entry.tag.key}", seen, entry.tag.key, entry)


def _in_dagster(job: Job) -> Iterator[_Clash]:
    """Tags of a schedule that overwrite its name, or tags of the job in Dagster.

    Each schedule makes an asset of its own, so two schedules are no clash.
    """
    received: dict[tuple[str, Any], SinkTag] = {}
    runners = {id(schedule.document) for schedule in job.schedules}
    for tag in job.sink("dagster"):
        runner = id(tag.at.document)
        schedule = (runner, tag.at.route[:4]) if runner in runners else None
        other = received.get((tag.key, None)) or received.get((tag.key, schedule))
        received[tag.key, schedule] = tag
        if other is not None and other.text != tag.text:
            yield f"the Dagster tag {tag.key}", (other.at, other.text), (tag.at, tag.text)


def _in_terraform(job: Job) -> Iterator[_Clash]:
    """Tags whose keys are one variable, because a name in Terraform holds no dots."""
    names = [key.replace(".", "_") for key in job.tags]
    seen: dict[str, Tag] = {}
    is_any = len(set(names)) < len(names)
    for name, tag in zip(names, job.tags.values(), strict=True) if is_any else ():
        yield from _clash(f"the Terraform variable {name}", seen, name, tag)


def _in_lower_case(tags: Iterable[SinkTag]) -> Iterator[_Clash]:
    seen: dict[str, SinkTag] = {}
    for tag in tags:
        key = tag.key.lower()
        other = seen.setdefault(key, tag)
        if shown(other.text).lower() != shown(tag.text).lower():
            yield f"the lowercase label {key}", (other.at, other.text), (tag.at, tag.text)


def _clash(what: str, seen: dict[str, Any], key: str, tag: Tag | SinkTag) -> Iterator[_Clash]:
    """A tag whose key was seen before with another value."""
    other = seen.setdefault(key, tag)
    if other.text != tag.text:
        yield what, (other.at, other.text), (tag.at, tag.text)


def _in_any_case(target: Job | RenderedSet, types: tuple[str, ...]) -> Iterator[Violation]:
    """Keys that differ only in case, on resources that do not distinguish case."""
    if isinstance(target, RenderedSet):
        for first, second in _same(target.entries if target.resource in types else ()):
            yield _same_key(second.at.key, target.name, first, second)
        return
    pairs: dict[tuple[str, str], tuple[Placed, list[str], SinkTag, SinkTag]] = {}
    for resource in (each for each in target.resources if each.type in types):
        keys = {key.casefold() for key, _ in resource.texts}
        for first, second in _same(resource.entries if len(keys) < len(resource.texts) else ()):
            layers = {each.tag.layer for each in (first, second) if each.tag is not None}
            # What the module adds by itself is reported once for the module.
            of_module = Layer.MODULE in layers
            place = resource.tagged.place if of_module else second.at.key.place
            pair = pairs.setdefault((first.key, second.key), (place, [], first, second))
            pair[1].append(resource.address)
    for at, addresses, first, second in pairs.values():
        yield _same_key(at, listed(addresses), first, second)


def _same(entries: Iterable[SinkTag]) -> Iterator[tuple[SinkTag, SinkTag]]:
    seen: dict[str, SinkTag] = {}
    for entry in entries:
        first = seen.setdefault(entry.key.casefold(), entry)
        if first is not entry:
            yield first, entry


def _same_key(at: Placed, where: str, first: SinkTag, second: SinkTag) -> Violation:
    keys = f"{quoted(first.key)} and {quoted(second.key)}"
    message = f"tags {keys} of {where} differ only in case; IAM rejects such keys"
    return Violation(at, message, (Related(first.at.key, f"{shown(first.key)} is set here"),))
