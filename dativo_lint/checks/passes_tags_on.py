"""what a tagged resource starts gets the tags of that resource"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dativo_lint.checks.breach import Breach, Open
from dativo_lint.checks.wording import shown
from dativo_lint.subject.subject import Subject

if TYPE_CHECKING:
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.declarations import Resource
    from dativo_lint.terraform.source import Written

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["resource", "tags", "starts", "carriers", "values"],
    "properties": {
        "resource": {"type": "string", "description": "The type of resource that is tagged."},
        "tags": {"type": "string", "description": "The argument that holds its tags."},
        "starts": {"type": "string", "description": "What it starts, in the words of a message."},
        "carriers": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "pattern": "^[a-z0-9_]+(\\.[a-z0-9_]+)+$"},
            "description": (
                "Arguments that can pass the tags on: the type of resource, the blocks inside it, "
                "and the argument, with dots between them."
            ),
        },
        "values": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The values of these arguments that do pass tags on.",
        },
    },
}


def prepare(params: Mapping[str, Any]) -> Callable[[Subject], Iterator[Breach | Open]]:
    """Look for a resource of the module that passes the tags on."""
    routes: dict[str, list[tuple[str, ...]]] = {}
    for carrier in params["carriers"]:
        type_, *route = carrier.split(".")
        routes.setdefault(type_, []).append(tuple(route))
    type_, argument, starts = params["resource"], params["tags"], params["starts"]
    values = frozenset(params["values"])

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        tree = subject.module_tree
        resources = () if tree is None else tuple(_resources(tree))
        tagged = [it for it in resources if it.type == type_ and argument in it.content.arguments]
        if tree is None or not tagged:
            return
        carriers = [it for resource in resources for it in _settings(resource, routes)]
        states = [_passes_on(it, values) for it in carriers]
        if True in states:
            return
        doubt = _doubt(tree, carriers, states)
        for resource in tagged:
            at = resource.content.arguments[argument]
            lack = (
                f"nothing in the module passes the tags of {shown(resource.address)} on to {starts}"
            )
            yield Breach(at, lack) if doubt is None else Open(at, f"{lack}, unless {doubt} does")

    return judge


def _resources(tree: ModuleTree) -> Iterator[Resource]:
    for *_, called in tree.chains():
        yield from (it for it in called.module.resources if it.mode == "managed")


def _settings(resource: Resource, routes: Mapping[str, list[tuple[str, ...]]]) -> Iterator[Written]:
    if resource.type in routes:
        # Only jobs that name a module need it.
        from dativo_lint.terraform.resources import settings_at

        for route in routes[resource.type]:
            yield from (it.value for it in settings_at(resource.content, route))


def _passes_on(written: Written, values: frozenset[str]) -> bool | None:
    """Whether a value passes tags on; None where the text alone does not tell."""
    from dativo_lint.terraform.literals import UNKNOWN, literal

    value = literal(written.expression)
    return None if value is UNKNOWN else isinstance(value, str) and value in values


def _doubt(tree: ModuleTree, carriers: list[Written], states: list[bool | None]) -> str | None:
    """What may pass tags on and cannot be told: a value, a module that is not at hand."""
    for written, state in zip(carriers, states, strict=True):
        if state is None:
            return shown(str(written))
    for *_, called in tree.chains():
        if called.absent:
            return f"module.{shown(called.absent[0].name)}"
        if not called.module.complete:
            return "what cannot be read of it"
    return None
