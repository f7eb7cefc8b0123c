"""the tags are set, and no stronger layer empties them"""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from msgspec import field

from dativo_lint.checks.messages import (
    asset_may_set,
    at_run_time,
    overridden,
    trail_mentions,
    unset,
)
from dativo_lint.checks.params import RuleParams, about, non_empty, provider_of
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.edits.fix import Fix, FixLayer, fix
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import infrastructure_key, job_field
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.selectors import Selector, Statement, select, selector
from dativo_lint.jobs.tags import NAMESPACES, Tag, folded_key
from dativo_lint.names import nearest

if TYPE_CHECKING:
    from dativo_lint.jobs.sinks.sink import Tagged

APPLIES_TO = ("job", "rendered")


class Check(RuleParams, frozen=True):
    keys: Annotated[
        tuple[str, ...], non_empty("Required tags, by namespaced key; cloud tags by their own key.")
    ]
    instead: Annotated[tuple[str, ...], about("Tags and fields that are accepted instead.")] = ()
    cloud_tags: Annotated[bool, about("Whether the keys are those of cloud tags on resources.")] = (
        False
    )
    copies: Annotated[
        dict[str, tuple[str, ...]],
        about("For keys: tags and fields with the same fact, whose value a fix copies."),
    ] = field(default_factory=dict)
    lower_case: Annotated[
        tuple[str, ...],
        about("Providers with lowercase tags, where any spelling of the key is accepted."),
    ] = ()

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(map(self._namespaced, self.keys))

    @cached_property
    def _instead(self) -> tuple[Selector, ...]:
        return tuple(map(selector, self.instead))

    @cached_property
    def _copies(self) -> dict[str, tuple[Selector, ...]]:
        return {
            folded_key(self._namespaced(key)): tuple(map(selector, others))
            for key, others in self.copies.items()
        }

    def _namespaced(self, key: str) -> str:
        return _cloud_key(key) if self.cloud_tags else _key(key)

    def judge(self, target: Job | RenderedSet) -> Results:
        """Require the tags, each by itself."""
        if self.cloud_tags and target.value("infrastructure") in (ABSENT, None):
            return
        for key in self._keys:
            if isinstance(target, RenderedSet) or not self.cloud_tags or not target.resources:
                yield from self._judge_tag(target, key)
            elif lacking := list(_lacking(target, key, self.lower_case)):
                # What neither the job nor the module sets anywhere is missing in the job.
                violations = sum(isinstance(each, Violation) for each in lacking)
                if violations == len(target.resources) and not _text(target, key):
                    yield from self._judge_tag(target, key)
                else:
                    yield from lacking

    def _judge_tag(self, target: Job | RenderedSet, key: str) -> Results:
        tag = target.tags.get(key)
        if tag is not None and _text(target, key):
            if tag.is_open:
                yield at_run_time(tag.at, tag.name, tag.text)
            return
        if isinstance(target, RenderedSet) and not _is_missed(target, key):
            return
        any_case = provider_of(target) in self.lower_case
        serving = (*((selector(key),) if any_case else ()), *self._instead)
        if statements := select(target, serving):
            if all(statement.is_open for statement in statements):
                first = statements[0]
                yield at_run_time(first.at, first.name, first.text)
        elif isinstance(target, RenderedSet):
            yield _unwritten(target, key)
        else:
            others = () if any_case else self._copies.get(folded_key(key), ())
            yield from _unset(target, key, select(target, others))


def _key(key: str) -> str:
    """A namespaced key, if there is such a tag."""
    if selector(key).key is None:
        raise ValueError(f'keys: "{key}" is no key of a tag; expected one such as finops.project')
    return key


def _cloud_key(key: str) -> str:
    """The namespaced key of a cloud tag."""
    if not key.strip():
        raise ValueError("keys: an empty name is not the key of a cloud tag")
    space, _, name = key.partition(".")
    if space in NAMESPACES and name:
        name = name.removeprefix("tags.")
        raise ValueError(f'keys: "{key}" is not the key of a cloud tag; did you mean "{name}"?')
    return infrastructure_key(key)


def _text(target: "Tagged", key: str) -> str:
    """The effective value of a tag; empty where it is not set, or only to blanks."""
    tag = target.tags.get(key)
    return "" if tag is None else (tag.text or "").strip()


def _lacking(job: Job, key: str, lower_case: Collection[str]) -> Results:
    """The resources without a cloud tag."""
    tag = job.tags.get(key)
    trail = () if tag is None else trail_mentions(tag.trail)
    name = key.removeprefix("infrastructure.")
    for resource in job.resources:
        texts, address = dict(resource.texts), shown(resource.address)
        alike = [other for other in texts if folded_key(other) == folded_key(name)]
        is_set = texts.get(name) or (resource.sink in lower_case and alike)
        if not is_set and resource.doubt:
            question = f"{address} may have tag {quoted(name)}: {shown(resource.doubt)}"
            yield Unresolved(resource.tagged, question)
        elif not is_set:
            hint = f'; did you mean "{shown(alike[0])}"?' if alike else ""
            message = f"{address} has no tag {quoted(name)}{hint}"
            if name in texts:
                message = f"tag {quoted(name)} of {address} is empty"
            yield Violation(resource.tagged, message, trail)


def _is_missed(rendered: RenderedSet, key: str) -> bool:
    """Whether a sink receives such tags, and no other rule reports that the set lacks this one:
    missing-rendered-tag reports a tag of the job."""
    job = rendered.source.job
    return rendered.carries(key) and (job is None or not _text(job, key))


def _unwritten(rendered: RenderedSet, key: str) -> Violation | Unresolved:
    """A rendered set that lacks a tag."""
    spelled = rendered.spelled(key)
    tag = rendered.tags.assigned(key)
    at = rendered.block.child(spelled)
    if tag is not None:
        return Violation(tag.at, f"{tag.name} is empty")
    if not rendered.whole:
        return Unresolved(at, f"{rendered.name} may have tag {quoted(spelled)} after apply")
    hint = nearest(spelled, (entry.key for entry in rendered.entries))
    return Violation(at, f"{rendered.name} has no tag {quoted(spelled)}{hint}")


def _unset(job: Job, key: str, others: Sequence[Statement]) -> Results:
    tag = job.tags.assigned(key)
    if tag is not None:
        yield _emptied(tag)
    elif job.asset is not None or key.startswith("infrastructure."):
        yield _missing(job, key, others)
    elif job.asset_is_open:
        yield asset_may_set(job, key)


def _emptied(tag: Tag) -> Violation:
    erased = next((weaker for weaker in reversed(tag.trail[:-1]) if weaker.text), None)
    message = f"{tag.at.name} is empty"
    if erased is not None:
        message = f"empty {tag.at.name} overrides the {erased.layer.value}'s {quoted(erased.text)}"
    return Violation(tag.at, message, overridden(tag))


def _copies(
    job: Job, key: str, in_asset: FieldRef | None, others: Sequence[Statement]
) -> Iterator[Fix]:
    """The fixes that set a tag to the one value that other fields have for the same fact: once in
    the asset, if it can, or in the job."""
    if len({other.text for other in others}) != 1 or others[0].is_open:
        return
    route = job_field(key)
    homes: dict[FixLayer, FieldRef | None] = {
        "asset": in_asset,
        "job": FieldRef(job.config, route) if route else None,
    }
    for layer, home in homes.items():
        value = _value(key, others[0].text, layer)
        if home is not None and value is not None:
            from dativo_lint.edits.fields import add  # only a violation needs it

            title = f"Set {home.name} to {quoted(others[0].text)}, as {others[0].name}"
            edit = add(home.document, home.route, value)
            yield fix(title, edit, layer=layer if all(homes.values()) else "")


def _value(key: str, text: str, layer: FixLayer) -> object:
    """The text of a tag as the value of a field of a layer; None if it cannot be one."""
    if key == "governance.retention_days":
        return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONG else None
    return [text] if key == "classification.default" and layer == "asset" else text


_LONG = 10


def _missing(job: Job, key: str, others: Sequence[Statement]) -> Violation:
    """The violation of a job without a tag, in which other fields may have the same fact."""
    asset = job.asset
    in_asset = None if asset is None else asset.tag_field(key)
    route = job_field(key)
    home = FieldRef(job.config, route) if route is not None else in_asset or job.field()
    mentions = []
    if in_asset is not None and in_asset is not home:
        mentions.append(unset(in_asset))
    near = job.tags.alike(key)
    mentions += [Related(tag.at.key, f"{tag.name} is a different key") for tag in near]
    hint = f'; did you mean "{near[0].name}"?' if near else ""
    lack = "is not set in the job"
    if in_asset is not None:
        lack = "is set neither in the job nor in its asset" if route else "is not set in the asset"
    name = home.name if route is not None and route[0] == "infrastructure" else key
    fixes = tuple(_copies(job, key, in_asset, others))
    return Violation(home, f"{name} {lack}{hint}", tuple(mentions), fixes)
