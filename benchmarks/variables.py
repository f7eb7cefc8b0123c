"""Variables: what Terraform modules of different people ask for, and values that suit them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.names import Names
from benchmarks.yaml_text import Block, Node, Text

Condition = tuple[str, str]
"""The condition of a validation, and its message."""


@dataclass(frozen=True)
class Variable:
    """A variable of a module; `value` makes a value that it takes, none where nobody sets it."""

    name: str
    type: str
    value: Callable[[Names], Node] | None = None
    default: str | None = None
    conditions: tuple[Condition, ...] = ()

    def text(self, names: Names) -> str:
        """The block of the variable."""
        lines = [f'variable "{self.name}" {{']
        if names.chance(0.6):
            lines.append(f'  description = "{names.sentence(names.rng.randint(3, 12))}"')
        lines.append(f"  type = {self.type}")
        if self.default is not None:
            lines.append(f"  default = {self.default}")
        elif names.chance(0.2):
            lines.append("  nullable = false")
        for condition, message in self.conditions:
            lines += ["", "  validation {", f"    condition     = {condition}"]
            lines += [f'    error_message = "{message}"', "  }"]
        return "\n".join([*lines, "}", ""])


def any_variable(names: Names) -> Variable:
    """A variable of any kind; every other one is validated."""
    variable = names.rng.choice(_KINDS)(names.name(), names)
    return variable if names.chance(0.5) else replace(variable, conditions=())


def _message(names: Names) -> str:
    return f"Take what {names.sentence(5)}."


def _count(name: str, names: Names) -> Variable:
    least = names.rng.randint(1, 50)
    most = least + names.rng.randint(20, 5000)
    condition = f"var.{name} >= {least} && var.{name} <= {most}"
    return Variable(
        name,
        "number",
        lambda names: names.number(least, most),
        names.number(least, most) if names.chance(0.5) else None,
        ((condition, _message(names)),),
    )


def _choice(name: str, names: Names) -> Variable:
    words = names.words(3, 9)
    listed = ", ".join(f'"{word}"' for word in words)
    return Variable(
        name,
        "string",
        lambda names: Text(names.rng.choice(words)),
        f'"{words[0]}"' if names.chance(0.5) else None,
        ((f"contains([{listed}], var.{name})", _message(names)),),
    )


def _pattern(name: str, names: Names) -> Variable:
    start = names.word()
    condition = f'can(regex("^{start}-[a-z0-9-]{{3,40}}$", var.{name}))'
    return Variable(
        name,
        "string",
        lambda names: Text(f"{start}-{names.word()}-{names.number(1, 9999)}"),
        None,
        ((condition, _message(names)),),
    )


def _flag(name: str, names: Names) -> Variable:
    default = names.rng.choice(("true", "false", None))
    return Variable(name, "bool", lambda names: names.rng.choice(("true", "false")), default)


def _addresses(name: str, names: Names) -> Variable:
    letter = names.rng.choice("aeiou")
    condition = f'alltrue([for {letter} in var.{name} : can(regex("^[^@]+@[^@]+$", {letter}))])'
    return Variable(
        name,
        "list(string)",
        lambda names: [Text(names.email()) for _ in range(names.rng.randint(1, 4))],
        None,
        ((condition, _message(names)),),
    )


def _zones(name: str, names: Names) -> Variable:
    condition = f"length(var.{name}) > 0 && length(var.{name}) < {names.number(9, 40)}"
    return Variable(
        name,
        "set(string)",
        lambda names: [Text(word) for word in names.words(1, 6)],
        None,
        ((condition, _message(names)),),
    )


def _quotas(name: str, names: Names) -> Variable:
    most = names.rng.randint(100, 9000)
    condition = f"alltrue([for key, value in var.{name} : value > 0 && value <= {most}])"
    return Variable(
        name,
        "map(number)",
        lambda names: {word: names.number(1, most) for word in names.words(1, 5)},
        "{}" if names.chance(0.3) else None,
        ((condition, _message(names)),),
    )


def _schedule(name: str, names: Names) -> Variable:
    condition = f'length(split(" ", trimspace(var.{name}))) == 5'
    return Variable(
        name,
        "string",
        lambda names: Text(
            f"{names.number(0, 59)} {names.number(0, 23)} {names.number(1, 28)} * *"
        ),
        None,
        ((condition, _message(names)),),
    )


def _network(name: str, names: Names) -> Variable:
    inner, other = names.word(), names.word()
    form = (
        f"object({{\n    private = optional(bool, true)\n    {inner}s = list(string)\n"
        f"    {other}_ports = optional(map(number), {{}})\n  }})"
    )
    condition = f"length(var.{name}.{inner}s) <= {names.number(8, 30)}"

    def value(names: Names) -> Node:
        network: Block = {f"{inner}s": [Text(word) for word in names.words(1, 5)]}
        if names.chance(0.5):
            network["private"] = names.rng.choice(("true", "false"))
        if names.chance(0.4):
            network[f"{other}_ports"] = {names.word(): names.number(1, 65535)}
        return network

    return Variable(name, form, value, None, ((condition, _message(names)),))


def _routes(name: str, names: Names) -> Variable:
    form = (
        "list(object({\n    name = string\n    priority = number\n"
        "    sources = optional(list(string), [])\n  }))"
    )
    condition = (
        f"length(distinct([for route in var.{name} : route.priority])) == length(var.{name})"
    )

    def value(names: Names) -> Node:
        def route(step: int) -> Block:
            priority = str(100 * step + names.rng.randint(0, 99))
            return {"name": Text(names.name("-")), "priority": priority}

        return [route(step) for step in range(names.rng.randint(1, 4))]

    return Variable(name, form, value, None, ((condition, _message(names)),))


def _layers(name: str, names: Names) -> Variable:
    depth, word = names.word(), names.word()
    form = (
        f"map(object({{\n    {depth} = number\n    {word} = optional(object({{\n"
        f'      mode = optional(string, "{names.word()}")\n'
        "      tags = optional(map(string), {})\n"
        "    }), {})\n  }))"
    )
    condition = f"alltrue([for key, it in var.{name} : it.{depth} < 10 && length(key) > 2])"

    def value(names: Names) -> Node:
        def layer() -> Block:
            tags: Block = {names.word(): Text(names.word())}
            return {depth: names.number(0, 9), word: {"tags": tags}}

        return {it: layer() for it in names.words(1, 3)}

    return Variable(name, form, value, None, ((condition, _message(names)),))


_KINDS = (
    _count, _count, _choice, _choice, _pattern, _pattern, _flag, _addresses, _zones, _quotas,
    _schedule, _network, _routes, _layers,
)  # fmt: skip
