"""Expressions that are held against Terraform: written ones, and made-up ones."""

from __future__ import annotations

from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"

DECLARED = """
variable "s" { type = string }
variable "n" { type = number }
variable "f" { type = number }
variable "b" { type = bool }
variable "nul" { type = string }
variable "ls" { type = list(string) }
variable "sl" { type = set(string) }
variable "ms" { type = map(string) }
variable "null_list" { type = list(string) }
variable "o" {
  type = object({ name = string, sizes = list(number), opt = optional(string) })
}
variable "nulo" { type = object({ name = string }) }
variable "lo" {
  type = list(object({ name = string, tags = optional(map(string)) }))
}
variable "template" { type = string }
variable "interpolation" { type = string }
variable "so" {
  type = set(object({ n = number, s = optional(string, "d") }))
}
"""
VALUES = """{
  "s": "v1.2", "n": 10, "f": 0.1, "b": true, "nul": null, "null_list": null, "nulo": null,
  "ls": ["a", "b"], "sl": ["b", "a", "b"], "ms": {"a": "1", "b": "2"},
  "o": {"name": "n", "sizes": [1, "2"]},
  "lo": [{"name": "x", "tags": {"a": "1"}}, {"name": "y"}],
  "template": "hi ${name} %{ if b }yes%{ else }no%{ endif }%{ for x in l } ${upper(x)}%{ endfor }",
  "interpolation": "${a}",
  "so": [{"n": 2}, {"n": 10, "s": "q"}, {"n": 1}]
}"""


def written() -> list[str]:
    """The expressions of the corpus."""
    lines = (DATA / "expressions.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def made_up(count: int, seed: int = 1) -> list[str]:
    """Expressions that a generator strings together; many of them fail, as they should."""
    maker = _Maker(Random(seed))
    return [maker.expression(4) for _ in range(count)]


_ATOMS = (
    *("var.s", "var.n", "var.f", "var.b", "var.nul", "var.ls", "var.sl", "var.ms", "var.o"),
    *("var.lo", "var.so", "var.nulo", "var.null_list", "null", "true", "false", "0", "1", "2.5"),
    *('""', '"a"', '"1"', '"true"', '"v1.2"', "[]", "{}", "-3", "1e3", "x", "var.o.sizes"),
)
_ONE = (
    *("length", "keys", "values", "flatten", "distinct", "toset", "tolist", "tomap", "tostring"),
    *("tonumber", "tobool", "alltrue", "anytrue", "compact", "sort", "reverse", "one", "sum"),
    *("upper", "lower", "trimspace", "abs", "ceil", "floor", "jsonencode", "can", "try", "max"),
)
_TWO = (
    *("contains", "concat", "merge", "coalesce", "lookup", "element", "setunion", "zipmap"),
    *("setintersection", "setsubtract", "join", "split", "startswith", "index", "regexall", "try"),
    *("formatlist", "min", "coalescelist", "setproduct", "trimprefix", "range", "chunklist"),
)
_OPERATORS = ("==", "!=", "&&", "||", "<", ">=", "+", "-", "*", "%")


class _Maker:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._names: list[str] = []

    def expression(self, depth: int) -> str:
        pick = self._random
        if depth <= 0 or pick.random() < 0.2:
            atom = pick.choice(_ATOMS)
            if atom == "x":
                return pick.choice(self._names) if self._names else "1"
            return atom
        shapes = (
            self._call_one,
            self._call_two,
            self._operation,
            self._conditional,
            self._tuple,
            self._object,
            self._for,
            self._for_object,
            self._steps,
            self._template,
            lambda depth: f"!({self.expression(depth - 1)})",
        )
        return pick.choice(shapes)(depth)

    def _call_one(self, depth: int) -> str:
        return f"{self._random.choice(_ONE)}({self.expression(depth - 1)})"

    def _call_two(self, depth: int) -> str:
        one, two = self.expression(depth - 1), self.expression(depth - 1)
        return f"{self._random.choice(_TWO)}({one}, {two})"

    def _operation(self, depth: int) -> str:
        one, two = self.expression(depth - 1), self.expression(depth - 1)
        return f"(({one}) {self._random.choice(_OPERATORS)} ({two}))"

    def _conditional(self, depth: int) -> str:
        parts = [self.expression(depth - 1) for _ in range(3)]
        return f"({parts[0]} ? {parts[1]} : {parts[2]})"

    def _tuple(self, depth: int) -> str:
        items = [self.expression(depth - 1) for _ in range(self._random.randrange(4))]
        return f"[{', '.join(items)}]"

    def _object(self, depth: int) -> str:
        names = self._random.sample(["a", "b", "name"], self._random.randrange(4))
        return f"{{{', '.join(f'{name} = {self.expression(depth - 1)}' for name in names)}}}"

    def _for(self, depth: int) -> str:
        collection = self.expression(depth - 1)
        value, condition = self._inside("x", depth)
        return f"[for x in {collection} : {value}{condition}]"

    def _for_object(self, depth: int) -> str:
        collection = self.expression(depth - 1)
        value, condition = self._inside("y", depth)
        group = self._random.choice(["", "..."])
        return f"{{for k, y in {collection} : k => {value}{group}{condition}}}"

    def _inside(self, name: str, depth: int) -> tuple[str, str]:
        self._names.append(name)
        value = self.expression(depth - 1)
        condition = f" if {self.expression(depth - 2)}" if self._random.random() < 0.3 else ""
        self._names.pop()
        return value, condition

    def _steps(self, depth: int) -> str:
        step = self._random.choice([".name", "[0]", '["a"]', "[*]", "[*].name", ".*.name", '["0"]'])
        return f"({self.expression(depth - 1)}){step}"

    def _template(self, depth: int) -> str:
        return f'"<${{{self.expression(depth - 1)}}}>"'
