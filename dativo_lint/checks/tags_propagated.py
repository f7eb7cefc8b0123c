"""tags of a resource are propagated to what is started from it"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from dativo_lint.checks.params import RuleParams, about, some
from dativo_lint.checks.violation import Judge, Placed, Results, Unresolved, Violation
from dativo_lint.documents.quoting import shown
from dativo_lint.jobs.job import Job

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import GivenTags
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
        some("Arguments that can propagate the tags: TYPE.BLOCK.ARGUMENT."),
    ]
    values: Annotated[
        tuple[str, ...], about("Values that propagate the tags; any by default.")
    ] = ()
    with_defaults: Annotated[
        bool, about("Whether the provider's default tags are propagated anyway.")
    ] = False

    def passes(self, value: Value) -> bool:
        """Whether a value of a carrier passes tags on, or may."""
        if not value.is_known or not self.values:
            return not value.is_known or bool(value.data)
        text = value.data if isinstance(value.data, str) else str(value)
        return text.lower() in map(str.lower, self.values)


class Params(RuleParams, frozen=True):
    cases: Annotated[tuple[Case, ...], some("Resources whose tags must be propagated.")]


def prepare(params: Params) -> Judge:
    """Look at what starts something from a tagged resource, and whether it propagates the tags."""

    def judge(job: Job) -> Results:
        if job.module_tree is None or not job.given_tags:
            return
        for case in params.cases:
            tagged = [
                it for it in job.given_tags if it.traced.tagged.resource.type == case.resource
            ]
            tagged = [it for it in tagged if not it.is_untagged]
            if tagged:
                yield from _judge(case, tagged, job.module_tree)

    return judge


def _judge(case: Case, tagged: list[GivenTags], tree: ModuleTree) -> Results:
    planner = tagged[0].origins.planner
    silent: dict[Resource, Placed] = {}
    passing = set()
    for chain, starter in _starters(case, tree, planner):
        at = _silent_at(case, starter, chain, planner)
        if at is None:
            passing.add(starter.type)
        else:
            silent[starter] = at
    told = set()
    for starter, lack in silent.items():
        at, names = replace(lack.place, field=starter.address), _names_in(starter.content)
        for given in tagged:
            resource = given.traced.tagged.resource
            if starter is resource:
                told.add(resource.address)
                by_provider = case.with_defaults and given.traced.tagged.defaults
                if not by_provider and passing <= {resource.type}:
                    address = shown(resource.address)
                    yield Violation(at, f"{address} does not propagate its tags to {case.starts}")
            elif resource.address in names:
                told.add(resource.address)
                message = f"{shown(starter.address)} does not propagate the tags of"
                yield Violation(at, f"{message} {shown(resource.address)} to {case.starts}")
    doubt = _doubt(tree)
    for given in tagged if not passing and (silent or doubt) else ():
        resource = given.traced.tagged.resource
        if resource.address not in told:
            message = f"tags of {shown(resource.address)} are not propagated to {case.starts}"
            at = given.traced.tagged.place
            yield (
                Unresolved(at, f"{message}, unless by {doubt}") if doubt else Violation(at, message)
            )


def _starters(case: Case, tree: ModuleTree, planner: Planner) -> list[tuple[Chain, Resource]]:
    """The resources that may propagate tags and that the job creates."""
    return [
        (chain, resource)
        for chain in tree.chains()
        for resource in chain[-1].module.resources.values()
        if resource.mode == "managed" and _may_start(case, resource)
        if planner.is_made(resource.content.arguments, chain)
    ]


def _may_start(case: Case, resource: Resource) -> bool:
    """Whether a resource has the block of a carrier: an event rule may have any kind of target."""
    from dativo_lint.terraform.tagging import inner_blocks_of

    routes = (carrier.split(".") for carrier in case.carriers)
    return any(
        not blocks or any(True for _ in inner_blocks_of(resource.content, blocks[0], {}))
        for type_, *blocks, _ in routes
        if type_ == resource.type
    )


def _silent_at(case: Case, starter: Resource, chain: Chain, planner: Planner) -> Placed | None:
    """Where the source shows that a resource propagates no tags; None where it does, or may."""
    from dativo_lint.terraform.tagging import settings_at

    at: Placed = starter
    for carrier in case.carriers:
        type_, *route = carrier.split(".")
        for setting in settings_at(starter.content, tuple(route)) if type_ == starter.type else ():
            if case.passes(planner.evaluated(setting.value, chain)):
                return None
            at = setting.value
    return at


def _names_in(content: Content) -> set[str]:
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


def _doubt(tree: ModuleTree) -> str:
    """What may propagate tags and cannot be read: a module that is not available."""
    for *_, called in tree.chains():
        if called.absent:
            return f"module.{shown(called.absent[0].name)}"
        if not called.module.complete:
            return "the part of the module that cannot be read"
    return ""
