"""What resources are given: their arguments at any depth, and the provider that serves them.

Which arguments carry tags is a vendor's fact and comes from the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from dativo_lint.documents.place import Place
from dativo_lint.terraform import syntax
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Content, Provider, Resource
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.syntax import Expression


class InnerBlock(Struct, frozen=True, eq=False):
    """A block inside a block, written out or made by `dynamic`.

    A dynamic block is made once for each element of its `for_each`, which expressions in `content`
    call by the name of its iterator, as in `tag.value`: `names` holds both.
    """

    place: Place
    content: Content
    names: Mapping[str, Written]


class Setting(Struct, frozen=True, eq=False):
    """The value of an argument, and the names that dynamic blocks around it give it."""

    value: Written
    names: Mapping[str, Written]


def inner_blocks_of(
    content: Content, type_: str, names: Mapping[str, Written] = {}
) -> Iterator[InnerBlock]:
    """The blocks of a type, those that `dynamic` makes included."""
    for block in content.blocks(type_):
        yield InnerBlock(block.place, block.content, names)
    for block in content.blocks("dynamic"):
        if block.labels == (type_,):
            for_each = block.content.arguments.get("for_each")
            own = {} if for_each is None else {block.iterator: for_each}
            for inner in block.content.blocks("content"):
                yield InnerBlock(block.place, inner.content, {**names, **own})


def settings_at(content: Content, route: tuple[str, ...]) -> Iterator[Setting]:
    """The values at a route such as `("settings", "user_labels")`, through any inner blocks."""
    *blocks, argument = route
    reached: list[tuple[Content, Mapping[str, Written]]] = [(content, {})]
    for type_ in blocks:
        reached = [
            (block.content, block.names)
            for outer, names in reached
            for block in inner_blocks_of(outer, type_, names)
        ]
    for inner, names in reached:
        if argument in inner.arguments:
            yield Setting(inner.arguments[argument], names)


def provider_name(resource: Resource) -> tuple[str, str | None]:
    """The local name and the alias of the provider that serves a resource.

    https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider
    """
    written = resource.content.arguments.get("provider")
    named = _provider_reference(written.expression) if written else None
    return named or (resource.type.partition("_")[0], None)


def provider_for(chain: tuple[ModuleTree, ...], resource: Resource) -> Provider | None:
    """The configuration of the provider that serves a resource in the last module of a chain.

    A module without a configuration of its own has the one that its call hands over, or else the
    default one of the module that calls it
    (https://developer.hashicorp.com/terraform/language/modules/develop/providers).
    """
    name, alias = provider_name(resource)
    for level in range(len(chain) - 1, -1, -1):
        for provider in chain[level].module.providers:
            if (provider.name, provider.alias) == (name, alias):
                return provider
        handed = _handed_over(chain[level], name, alias)
        if handed is not None:
            name, alias = handed
        elif alias is not None:
            return None
    return None


def _handed_over(tree: ModuleTree, name: str, alias: str | None) -> tuple[str, str | None] | None:
    """What the call of a module hands over under the name of a provider."""
    written = tree.call.meta.get("providers") if tree.call else None
    if written is None or not isinstance(written.expression, syntax.ObjectCons):
        return None
    for item in written.expression.items:
        if _provider_reference(item.key) == (name, alias):
            return _provider_reference(item.value)
    return None


def _provider_reference(expression: Expression) -> tuple[str, str | None] | None:
    """Name and alias as in `aws` or `aws.east`; in JSON syntax both stand in a text."""
    if isinstance(expression, syntax.Literal) and isinstance(expression.value, str):
        name, _, alias = expression.value.partition(".")
        return name, alias or None
    if not isinstance(expression, syntax.Reference):
        return None
    if not expression.steps:
        return expression.name, None
    step = expression.steps[0]
    return (expression.name, step.name) if isinstance(step, syntax.Attribute) else None


def key_value_blocks(
    content: Content, type_: str, key: str = "key", value: str = "value"
) -> Iterator[tuple[InnerBlock, Written | None, Written | None]]:
    """Tags that are written a block each, as in `tag { key = ... value = ... }`."""
    for block in inner_blocks_of(content, type_):
        arguments = block.content.arguments
        yield block, arguments.get(key), arguments.get(value)
