"""some layer sets the tags, and no stronger one empties them"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about, some
from dativo_lint.checks.wording import at_run_time, nearest, shown, weaker
from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.selectors import Selector, Statement, select, selector
from dativo_lint.jobs.tags import Tag

if TYPE_CHECKING:
    from dativo_lint.jobs.tagged import Tagged

APPLIES_TO = ("job", "rendered")


class Params(RuleParams, frozen=True):
    keys: Annotated[tuple[str, ...], some("Required tags, by namespaced key.")]
    instead: Annotated[tuple[str, ...], about("Tags and fields of the job that do as well.")] = ()
    only_with: Annotated[
        str | None, about("A field of the job without which nothing is required.")
    ] = None
    lower_case: Annotated[
        tuple[str, ...], about("Providers with lowercase tags: any spelling of the key counts.")
    ] = ()


def prepare(params: Params) -> Judge:
    """Require the tags, each by itself; of a rendered set, those that its sink receives."""
    keys = tuple(params.keys)
    instead = tuple(map(selector, params.instead))
    only_with = None if params.only_with is None else tuple(params.only_with.split("."))
    lower_case = frozenset(params.lower_case)

    def judge(subject: Job | RenderedSet) -> Answers:
        if only_with is not None and subject.value(*only_with) in (ABSENT, None):
            return
        for key in keys:
            tag = subject.tags.get(key)
            if tag is None or not (tag.text or "").strip():
                spelled_otherwise = (selector(key),) if _is_at(subject, lower_case) else ()
                serving = (*spelled_otherwise, *instead)
                if isinstance(subject, RenderedSet):
                    yield from _unwritten(subject, key, serving)
                else:
                    yield from _unset(subject, key, serving)
            elif tag.is_open:
                yield at_run_time(tag.at, tag.name, tag.text)

    return judge


def _is_at(subject: Tagged, providers: frozenset[str]) -> bool:
    provider = subject.value("infrastructure", "provider") if providers else None
    return isinstance(provider, str) and provider.lower() in providers


def _served(serving: Sequence[Statement]) -> Answers:
    """What serves instead, and is open."""
    if all(word.is_open for word in serving):
        word = serving[0]
        yield at_run_time(word.at, word.name, word.text)


def _unwritten(rendered: RenderedSet, key: str, instead: tuple[Selector, ...]) -> Answers:
    """A rendered set that lacks a tag, where its sink receives such tags."""
    if not rendered.carries(key):
        return
    serving = select(rendered, instead)
    if serving:
        yield from _served(serving)
        return
    spelled = rendered.spelled(key)
    tag = rendered.tags.assigned(key)
    at = rendered.block.below(spelled)
    if tag is not None:
        yield Violation(tag.at, f"{tag.name} is empty")
    elif not rendered.whole:
        yield Unresolved(at, f"{rendered.name} may have {spelled} once it is made")
    else:
        hint = nearest(spelled, (entry.key for entry in rendered.entries))
        yield Violation(at, f"{rendered.name} has no {spelled}{hint}")


def _unset(subject: Job, key: str, instead: tuple[Selector, ...]) -> Answers:
    serving = select(subject, instead)
    if serving:
        yield from _served(serving)
        return
    tag = subject.tags.assigned(key)
    if tag is not None:
        yield _emptied(tag)
    elif not subject.asset_is_unknown or key.startswith("infrastructure."):
        yield _missing(subject, key)
    elif subject.asset_is_open:
        path = subject.references["asset_path"].said
        yield Unresolved(path, f"asset_path is {shown(path.value)}: the asset may set {key}")


def _emptied(tag: Tag) -> Violation:
    erased = next((it.text for it in reversed(tag.trail[:-1]) if it.text), None)
    message = f"{tag.at.name} is empty" + (f", which erases {shown(erased)}" if erased else "")
    return Violation(tag.at, message, weaker(tag.trail))


def _missing(subject: Job, key: str) -> Violation:
    from dativo_lint.jobs.tag_fields import asset_field, job_field  # for messages

    asset = subject.asset
    in_asset = None if asset is None else asset_field(key, asset)
    route = job_field(key)
    home = FieldRef(subject.job, route) if route is not None else in_asset or subject.said()
    mentions = []
    if in_asset is not None and in_asset is not home:
        state = "empty" if in_asset.is_there else "not set"
        mentions.append(Mention(in_asset, f"{in_asset.name} is {state}"))
    near = subject.tags.alike(key)
    mentions += [Mention(tag.at.key, f"{tag.name} is another key") for tag in near]
    hint = f"; nearest: {near[0].name}" if near else ""
    return Violation(home, f"no layer sets {key}{hint}", tuple(mentions))
