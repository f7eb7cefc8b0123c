"""what is started from a tagged resource gets the tags of that resource"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from dativo_lint.checks.answers import Answers, Judge, Placed, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about, some
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.job import Job

if TYPE_CHECKING:
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.declarations import Content, Resource

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    resource: Annotated[str, about("The type of resource that is tagged.")]
    tags: Annotated[str, about("The argument that holds its tags.")]
    starts: Annotated[str, about("What is started from it, in words.")]
    carriers: Annotated[
        tuple[Annotated[str, Meta(pattern="^[a-z0-9_]+(\\.[a-z0-9_]+)+$")], ...],
        some("Arguments that can pass the tags on: TYPE.BLOCK.ARGUMENT."),
    ]
    values: Annotated[tuple[str, ...], about("The values of these arguments that do.")]


_REMEMBERED = 1_024


def prepare(params: Params) -> Judge:
    """Look at what starts something from a tagged resource, and whether it passes the tags on."""
    routes: dict[str, list[tuple[str, ...]]] = {}
    for carrier in params.carriers:
        type_, *route = carrier.split(".")
        routes.setdefault(type_, []).append(tuple(route))
    type_, argument, what = params.resource, params.tags, params.starts
    values = frozenset(params.values)

    def told(tree: ModuleTree) -> Answers:
        resources = list(_resources(tree))
        tagged = [it for it in resources if it.type == type_ and argument in it.content.arguments]
        if not tagged:
            return
        starters = [it for it in resources if it.type in routes]
        silent = {it: at for it in starters if (at := _silent_at(it, routes[it.type], values))}
        addresses = {it.address for it in tagged}
        started: set[str] = set()
        for starter, at in silent.items():
            for address in sorted(addresses & _names_in(starter.content)):
                started.add(address)
                passing = f"starts {what} without passing the tags of {shown(address)} on"
                at_starter = replace(at.place, field=starter.address)
                yield Violation(at_starter, f"{shown(starter.address)} {passing}")
        if len(silent) < len(starters):
            return
        doubt = _doubt(tree)
        for resource in tagged:
            if resource.address not in started:
                at = replace(resource.content.arguments[argument].place, field=resource.address)
                lack = f"nothing in the module passes the tags of {shown(resource.address)} on"
                message = f"{lack} to {what}"
                yield (
                    Violation(at, message)
                    if not doubt
                    else Unresolved(at, f"{message}, unless {doubt}")
                )

    @lru_cache(maxsize=_REMEMBERED)
    def remembered(tree: ModuleTree) -> tuple[Violation | Unresolved, ...]:
        return tuple(told(tree))

    def judge(subject: Job) -> Answers:
        # No job has a say in it, and many jobs share one module.
        tree = subject.module_tree
        return iter(() if tree is None else remembered(tree))

    return judge


def _resources(tree: ModuleTree) -> Iterator[Resource]:
    for *_, called in tree.chains():
        yield from (it for it in called.module.resources if it.mode == "managed")


def _silent_at(
    starter: Resource, routes: list[tuple[str, ...]], values: frozenset[str]
) -> Placed | None:
    """Where it stands that a resource passes no tags on; None where it does, or may."""
    # Only jobs that name a module need it.
    from dativo_lint.terraform.plain_data import UNREAD, literal
    from dativo_lint.terraform.resources import settings_at

    at: Placed = starter
    for route in routes:
        for setting in settings_at(starter.content, route):
            value = literal(setting.value.expression)
            if value is UNREAD or (isinstance(value, str) and value in values):
                return None
            at = setting.value
    return at


def _names_in(content: Content) -> set[str]:
    """The resources that the expressions in a block refer to."""
    from dativo_lint.terraform.names import target

    names: set[str] = set()
    pending = [content]
    while pending:
        inside = pending.pop()
        pending += (block.content for block in inside.nested)
        for written in inside.arguments.values():
            meant = map(target, written.references)
            names.update(it.name for it in meant if it is not None and it.kind == "resource")
    return names


def _doubt(tree: ModuleTree) -> str:
    """What may pass tags on and cannot be looked into: a module that is not at hand."""
    for *_, called in tree.chains():
        if called.absent:
            return f"module.{shown(called.absent[0].name)} does"
        if not called.module.complete:
            return "what cannot be read of it does"
    return ""
