"""tags of a resource are propagated to what is started from it"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from dativo_lint.checks.params import RuleParams, about, non_empty
from dativo_lint.checks.violation import Placed, Results, Unresolved, Violation
from dativo_lint.documents.quoting import shown
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.job import Job

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import ResourceTags
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.declarations import Content, Resource
    from dativo_lint.terraform.planning import Planner
    from dativo_lint.terraform.reach import Chain
    from dativo_lint.terraform.values import Value

APPLIES_TO = ("job",)


class Case(RuleParams, frozen=True):
    """A type of resource whose tags stay on it, unless something propagates them."""

    resource: Annotated[str, about("The resource type that is tagged.")]
    starts: Annotated[str, about("What it starts, in words.")]
    carriers: Annotated[
        tuple[Annotated[str, Meta(pattern="^[a-z0-9_]+(\\.[a-z0-9_]+)+$")], ...],
        non_empty("Arguments that can propagate the tags: TYPE.BLOCK.ARGUMENT."),
    ]
    values: Annotated[
        tuple[str, ...], about("Values that propagate the tags; any by default.")
    ] = ()
    with_defaults: Annotated[
        bool, about("Whether the provider's default tags are propagated anyway.")
    ] = False
    sets: Annotated[str | bool | None, about("The value of a carrier that a fix writes.")] = None

    def passes(self, value: "Value") -> bool:
        """Whether a value of a carrier passes tags on, or may."""
        if not value.is_known or not self.values:
            return not value.is_known or bool(value.data)
        text = value.data if isinstance(value.data, str) else str(value)
        return text.lower() in map(str.lower, self.values)


class Check(RuleParams, frozen=True):
    cases: Annotated[tuple[Case, ...], non_empty("Resources whose tags must be propagated.")]

    def judge(self, job: Job) -> Results:
        """Look at what starts something from a tagged resource: does it propagate the tags?"""
        for case in self.cases if job.module_tree is not None else ():
            tagged = [it for it in job.resources if it.type == case.resource and not it.is_untagged]
            if tagged and job.module_tree is not None:
                yield from _judge(case, tagged, job.module_tree)


def _judge(case: Case, tagged: "list[ResourceTags]", tree: "ModuleTree") -> Results:
    """Report each resource at what starts something from it, or else at the resource."""
    planner = tagged[0].inputs.origins.planner
    propagating: set[str] = set()
    silent: dict[Resource, tuple[Placed, Chain]] = {}
    for chain, starter in _starters(case, tree, planner):
        at = _silent_at(case, starter, chain, planner)
        if at is None:
            propagating.add(starter.type)
        else:
            silent[starter] = at, chain
    named = {starter: _names_in(starter.content) for starter in silent}
    doubt = _doubt(tree)
    for tags in tagged:
        resource, address = tags.tagged.resource, shown(tags.tagged.resource.address)
        starters = [it for it in silent if it is resource or resource.address in named[it]]
        for starter in starters:
            whose = f"the tags of {address}"
            if starter is resource:
                whose = "its tags"
                if propagating - {resource.type} or (case.with_defaults and tags.tagged.defaults):
                    continue
            written, chain = silent[starter]
            at = replace(written.place, field=starter.address)
            message = f"{shown(starter.address)} does not propagate {whose} to {case.starts}"
            yield Violation(at, message, (), tuple(_fixes(case, starter, chain)))
        if not starters and not propagating and (silent or doubt):
            message = f"tags of {address} are not propagated to {case.starts}"
            if doubt:
                yield Unresolved(tags.tagged.place, f"{message}, unless by {doubt}")
            else:
                yield Violation(tags.tagged.place, message)


def _fixes(case: Case, starter: "Resource", chain: "Chain") -> Iterator[Fix]:
    """The fix that sets the first argument of a resource that can propagate tags."""
    from dativo_lint.edits.terraform import set_argument  # only a module that needs it loads it

    tree, value = chain[-1], json.dumps(case.sets)
    source = next((it for it in tree.module.files if it.path == starter.place.path), None)
    routes = (carrier.split(".") for carrier in case.carriers)
    route = next((route for type_, *route in routes if type_ == starter.type), None)
    if case.sets is not None and source and route and not tree.is_installed:
        edits = set_argument(source, starter.place, route[:-1], route[-1], value)
        yield fix(f"Set {route[-1]} to {value} in {starter.address}", *edits, is_safe=False)


def _starters(case: Case, tree: "ModuleTree", planner: "Planner") -> "list[tuple[Chain, Resource]]":
    """The resources that may propagate tags and that the job creates."""
    return [
        (chain, resource)
        for chain in tree.chains()
        for resource in chain[-1].module.resources.values()
        if resource.mode == "managed" and _may_start(case, resource)
        if planner.is_made(resource.names, chain)
    ]


def _may_start(case: Case, resource: "Resource") -> bool:
    """Whether a resource has the block of a carrier: an event rule may have any kind of target."""
    from dativo_lint.terraform.tagging import inner_blocks_of

    routes = (carrier.split(".") for carrier in case.carriers)
    return any(
        not blocks or any(True for _ in inner_blocks_of(resource.content, blocks[0], {}))
        for type_, *blocks, _ in routes
        if type_ == resource.type
    )


def _silent_at(
    case: Case, starter: "Resource", chain: "Chain", planner: "Planner"
) -> Placed | None:
    """Where the source shows that a resource propagates no tags; None where it does, or may."""
    from dativo_lint.terraform.planning import Spot
    from dativo_lint.terraform.tagging import sites_at

    at: Placed = starter
    for carrier in case.carriers:
        type_, *route = carrier.split(".")
        sites = sites_at(starter.content, tuple(route), chain) if type_ == starter.type else ()
        for site in sites:
            if case.passes(planner.at(Spot(site.written, chain))):
                return None
            at = site.written
    return at


def _names_in(content: "Content") -> set[str]:
    """The resources that the expressions in a block refer to."""
    from dativo_lint.terraform.source import references, target

    names: set[str] = set()
    pending = [content]
    while pending:
        inside = pending.pop()
        pending += (block.content for block in inside.nested)
        for written in inside.arguments.values():
            meant = map(target, references(written.expression))
            names.update(it.name for it in meant if it is not None and it.kind == "resource")
    return names


def _doubt(tree: "ModuleTree") -> str:
    """What may propagate tags and cannot be read: a module that is not available."""
    for *_, called in tree.chains():
        if called.absent:
            return f"module.{shown(called.absent[0].name)}"
        if not called.module.complete:
            return "the part of the module that cannot be read"
    return ""
