"""Edits that declare the variables of a Terraform module."""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import Any

from dativo_lint.edits.fix import Fix, fix
from dativo_lint.edits.terraform import add_block
from dativo_lint.jobs.field_ref import holds_open
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.module_files import is_override
from dativo_lint.terraform.readers import RESERVED, is_name
from dativo_lint.terraform.source import Source

_ANY = "any"
_DEEPEST = 10
_MOST_ATTRIBUTES = 6
"""A longer type is better written by a person."""


def declare(module: Module, name: str, value: Any) -> tuple[Fix, ...]:
    """The fix that declares a variable for a value; other jobs need not set it."""
    source = _file_of_variables(module)
    if source is None or not is_name(name) or name in RESERVED:
        return ()
    type_ = inferred_type(value)
    typed = () if type_ == _ANY else (f"  type    = {type_}",)
    block = (f'variable "{name}" {{', *typed, "  default = null", "}")
    edits = add_block(source, "variable", block)
    return (fix(f"Declare variable {name} in {source.path}", *edits, is_safe=False),)


def _file_of_variables(module: Module) -> Source | None:
    """variables.tf, or else the file with the most variables, of those in native syntax."""
    counts = Counter(variable.place.path for variable in module.variables.values())
    names = [(file, posixpath.basename(file.path)) for file in module.files]
    native = [(file, name) for file, name in names if not file.is_json and not is_override(name)]
    usual = (file for file, name in native if name in ("variables.tf", "variables.tofu"))
    most = max((file for file, _ in native), key=lambda file: counts[file.path], default=None)
    return next(usual, most)


def inferred_type(value: Any, depth: int = 0) -> str:
    """The type of a variable for a value; `any` where a part is known only at run time."""
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return _ANY if holds_open(value) else "string"
        case dict() | list() if depth < _DEEPEST:
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            types = {key: inferred_type(item, depth + 1) for key, item in pairs}
            return _type_of_collection(types, is_map=isinstance(value, dict))
    return _ANY


def _type_of_collection(types: dict[Any, str], *, is_map: bool) -> str:
    kinds = set(types.values()) or {_ANY}
    if len(kinds) == 1:
        return f"{'map' if is_map else 'list'}({kinds.pop()})"
    if (
        not is_map
        or len(types) > _MOST_ATTRIBUTES
        or not all(isinstance(key, str) and is_name(key) for key in types)
    ):
        return _ANY
    return f"object({{ {', '.join(f'{key} = {type_}' for key, type_ in types.items())} }})"
