"""One form for two trees: the one that hashicorp/hcl makes of an expression, and ours.

A tree becomes nested lists. Texts are only said to be texts, because hcl2json gives them as they
are written and not as they are meant; what they mean is compared elsewhere.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dativo_lint.terraform.syntax import (
    Attribute,
    AttributeSplat,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    Index,
    Joined,
    Literal,
    ObjectCons,
    Operation,
    Parens,
    Reference,
    Relative,
    Step,
    Template,
    TupleCons,
    Unary,
    Wrapped,
)

TEXT = ["text"]
OPERATORS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "modulo": "%",
    "equal": "==",
    "notEqual": "!=",
    "greaterThan": ">",
    "greaterThanOrEqual": ">=",
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "logicalAnd": "&&",
    "logicalOr": "||",
    "negate": "-",
    "logicalNot": "!",
}
KEYWORDS = {None: "null", True: "true", False: "false"}


def theirs(node: dict[str, Any]) -> Any:
    """The tree of hcl2json's `getExpressionAst`."""
    return _plain(_theirs(node))


def ours(node: Expression, text: str) -> Any:
    """Our tree of an expression in a text."""
    return _plain(_ours(node, text))


def _plain(tree: Any) -> Any:
    """A tree without the wrappers that stand for one and the same thing."""
    if not isinstance(tree, list):
        return tree
    tree = [_plain(part) for part in tree]
    if tree == ["template", TEXT]:
        return TEXT
    if tree[:1] == ["steps"]:
        if len(tree) == 2:
            return tree[1]
        if isinstance(tree[1], list) and tree[1][:1] == ["steps"]:
            return [*tree[1], *tree[2:]]
    return tree


def _number(written: str) -> list[str]:
    value = Decimal(written)
    return ["number", str(value.normalize()) if value else "0"]


def _theirs(node: dict[str, Any]) -> Any:
    kind, meta = node["type"], node.get("meta", {})
    parts = [_theirs(child) for child in node["children"]]
    if kind == "literalValue":
        if meta["type"] == "number":
            return _number(meta["value"])
        return TEXT if meta["type"] == "string" else ["keyword", meta["value"]]
    if kind == "scopeTraversal":
        steps = meta["traversal"]
        return ["steps", ["name", steps[0]["segment"]], *map(_their_step, steps[1:])]
    if kind == "relativeTraversal":
        return ["steps", parts[0], *map(_their_step, meta["traversal"])]
    if kind == "index":
        return ["steps", parts[0], ["index", parts[1]]]
    if kind == "splat":
        full = meta["anonSymbolExpression"].startswith("[")
        return ["full splat" if full else "attribute splat", *parts]
    if kind in ("unaryOp", "binaryOp"):
        return ["operation", OPERATORS[meta["operator"]], *parts]
    if kind == "function":
        return ["call", meta["name"], meta["expandedFinalArgument"], *parts]
    if kind == "for":
        opened = meta["openRangeValue"][:1]
        return ["for", opened, meta["keyVar"], meta["valVar"], meta["groupedValue"], *parts]
    if kind == "object":
        keys = [key["children"] and _theirs(key) for key in node["children"][::2]]
        return [
            "object",
            *([key or ["bare"], value] for key, value in zip(keys, parts[1::2], strict=True)),
        ]
    if kind == "":
        return _unnamed(parts)
    return [{"templateWrap": "wrapped", "templateJoin": "joined"}.get(kind, kind), *parts]


def _unnamed(parts: list[Any]) -> Any:
    """Parentheses, the key of an object, or the element that a splat is about."""
    return ["parens", *parts] if parts else ["element"]


def _their_step(step: dict[str, Any]) -> Any:
    written = step.get("segment")
    if step["type"] == "nameTraversal":
        return ["attribute", written]
    if written is None:
        return ["index", "keyword"]
    return ["index", TEXT if written.startswith('"') else _number(written)]


def _ours(node: Expression, text: str) -> Any:
    if isinstance(node, Literal):
        if isinstance(node.value, str):
            return TEXT
        if node.value is None or isinstance(node.value, bool):
            return ["keyword", KEYWORDS[node.value]]
        return _number(str(node.value))
    if isinstance(node, Reference):
        return _steps(["name", node.name], node.steps, text)
    if isinstance(node, Relative):
        return _steps(_ours(node.source, text), node.steps, text)
    if isinstance(node, Operation):
        tree = _ours(node.operands[0], text)
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            tree = ["operation", operator, tree, _ours(operand, text)]
        return tree
    if isinstance(node, Unary):
        return ["operation", node.operator, _ours(node.operand, text)]
    if isinstance(node, Call):
        return ["call", node.name, node.expand, *(_ours(it, text) for it in node.arguments)]
    if isinstance(node, Conditional):
        parts = (node.condition, node.chosen, node.otherwise)
        return ["conditional", *(_ours(part, text) for part in parts)]
    if isinstance(node, (ForTuple, ForObject)):
        return _our_for(node, text)
    if isinstance(node, ObjectCons):
        return ["object", *([_our_key(it.key, text), _ours(it.value, text)] for it in node.items)]
    return _our_wrapper(node, text)


def _our_wrapper(node: Expression, text: str) -> Any:
    if isinstance(node, Template):
        return ["template", *(_ours(part, text) for part in node.parts)]
    if isinstance(node, TupleCons):
        return ["tuple", *(_ours(item, text) for item in node.items)]
    if isinstance(node, Joined):
        return ["joined", _ours(node.each, text)]
    assert isinstance(node, (Wrapped, Parens))
    return ["wrapped" if isinstance(node, Wrapped) else "parens", _ours(node.value, text)]


def _our_for(node: ForTuple | ForObject, text: str) -> Any:
    key = [node.key] if isinstance(node, ForObject) else []
    condition = [node.condition] if node.condition else []
    parts = [node.collection, *key, node.value, *condition]
    group = isinstance(node, ForObject) and node.group
    head = ["for", text[node.start], node.key_name or "", node.value_name, group]
    return [*head, *(_ours(part, text) for part in parts)]


def _our_key(key: Expression, text: str) -> Any:
    bare = isinstance(key, Literal) and isinstance(key.value, str) and text[key.start] not in '"<'
    return ["bare"] if bare else ["parens", _ours(key, text)]


def _steps(source: Any, steps: tuple[Step, ...], text: str) -> Any:
    tree = ["steps", source]
    for number, step in enumerate(steps):
        if isinstance(step, Attribute):
            tree.append(["attribute", step.name])
        elif isinstance(step, Index):
            key = step.key
            keyword = isinstance(key, Literal) and isinstance(key.value, (bool, type(None)))
            tree.append(["index", "keyword" if keyword else _ours(key, text)])
        elif isinstance(step, AttributeSplat):
            tree = ["steps", ["attribute splat", tree, _steps(["element"], step.steps, text)]]
        else:
            return ["full splat", tree, _steps(["element"], steps[number + 1 :], text)]
    return tree
