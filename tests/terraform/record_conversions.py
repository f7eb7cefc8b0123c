"""Asks `terraform plan` what variables take, and records its answers.

    python tests/terraform/record_conversions.py

writes `data/conversions.json`.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from expression_corpus import DATA
from record_modules import version_at_hand
from terraform_oracle import ask_conversions, write_record

RECORD = DATA / "conversions.json"
MADE_UP = 700


def asked() -> list[tuple[str, str]]:
    """All types and values, in JSON, of which the answers are recorded."""
    lines = (DATA / "conversions.txt").read_text(encoding="utf-8").splitlines()
    written = [line.split(" <- ", 1) for line in lines if line and not line.startswith("#")]
    cases = [(type_, value) for type_, value in written]
    return [*dict.fromkeys([*cases, *made_up(MADE_UP)])]


def made_up(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """Types with values that mostly come near to them."""
    random = Random(seed)
    cases = []
    for _ in range(count):
        type_, value = _case(random, 3)
        cases.append((type_, json.dumps(value, ensure_ascii=False)))
    return cases


_SCALARS: tuple[Any, ...] = (
    *("a", "", "1", "-2.5", "true", "false", "True", "x", "1e2", "0", None, True, False),
    *(0, 1, -7, 2.5, 100, [], {}, "日本"),
)


def _case(random: Random, depth: int) -> tuple[str, Any]:
    """A type and a value."""
    if random.random() < 0.08:
        return _case(random, depth)[0], random.choice(_SCALARS)
    if depth == 0 or random.random() < 0.3:
        return random.choice(["string", "number", "bool", "any"]), random.choice(_SCALARS)
    kind = random.choice(["list", "set", "map", "tuple", "object", "object"])
    cases = [_case(random, depth - 1) for _ in range(random.randrange(1, 4))]
    if kind in ("list", "set"):
        return f"{kind}({cases[0][0]})", [value for _, value in _alike(random, cases)]
    if kind == "map":
        return f"map({cases[0][0]})", dict(
            zip("abc", (it[1] for it in _alike(random, cases)), strict=False)
        )
    if kind == "tuple":
        return f"tuple([{', '.join(it[0] for it in cases)}])", [it[1] for it in cases]
    names = ["a", "b", "c"][: len(cases)]
    types = [
        f"{name} = {_optional(random, type_)}"
        for name, (type_, _) in zip(names, cases, strict=True)
    ]
    values = {
        name: value for name, (_, value) in zip(names, cases, strict=True) if random.random() < 0.8
    }
    if random.random() < 0.2:
        values["extra"] = 1
    return f"object({{ {', '.join(types)} }})", values


def _alike(random: Random, cases: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Some values for elements of one type, mostly made for it."""
    first = cases[0]
    return [case if random.random() < 0.3 else first for case in cases][: random.randrange(4)]


def _optional(random: Random, type_: str) -> str:
    chance = random.random()
    if chance < 0.4:
        return type_
    defaults = {"string": '"d"', "number": "5", "bool": "true", "any": "[1]"}
    default = defaults.get(type_, {"l": "[]", "s": "[]", "m": "{}", "o": "{}"}.get(type_[0], ""))
    return f"optional({type_}, {default})" if default and chance < 0.7 else f"optional({type_})"


if __name__ == "__main__":
    cases = asked()
    answers: list[list[object]] = []
    for start in range(0, len(cases), 200):
        part = cases[start : start + 200]
        found = ask_conversions(part)
        answers += [[*case, answer] for case, answer in zip(part, found, strict=True)]
    write_record(RECORD, version_at_hand(), answers)
