"""What each block at the top of a file declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dativo_lint.terraform.address import classify_source
from dativo_lint.terraform.blocks import Reader
from dativo_lint.terraform.declarations import (
    Local,
    Mode,
    ModuleCall,
    Output,
    Provider,
    Resource,
    Validation,
    Variable,
)
from dativo_lint.terraform.plain_data import UNREAD, literal
from dativo_lint.terraform.source import Written, calls, target
from dativo_lint.terraform.syntax import (
    Attribute,
    Expression,
    Index,
    Literal,
    Reference,
    TupleCons,
)

_META: Final[tuple[str, ...]] = (
    "count",
    "depends_on",
    "for_each",
    "providers",
    "source",
    "version",
)
RESERVED: Final = frozenset({*_META, "lifecycle", "locals", "provider"})
"""Names that a module call gives a meaning of its own, so that no variable can have them."""
_DESCRIBED: Final = ("description", "sensitive", "ephemeral", "deprecated")
_VARIABLE: Final = (*_DESCRIBED, "type", "default", "nullable", "const")
_REFERRING: Final = ("ignore_changes", "replace_triggered_by")
_LIFECYCLE: Final = ("create_before_destroy", "prevent_destroy", *_REFERRING)
_CONDITION: Final = ("condition", "error_message")
_MODES: Final[dict[str, Mode]] = {"data": "data", "ephemeral": "ephemeral"}
_OUTPUT: Final = (*_DESCRIBED, "type", "value", "depends_on")


def is_name(text: str) -> bool:
    """Whether a text can name anything: letters, digits, `_` and `-`, no digit first."""
    return text.replace("-", "_").isidentifier() and not text.startswith("-")


def _check_name(reader: Reader, what: str) -> None:
    if not is_name(reader.name):
        message = f'invalid {what} name: "{reader.name}" is not made of letters, digits, _ and -'
        reader.report(message, reader.block.labels[-1])


def read_variable(reader: Reader) -> Variable:
    """A `variable` block (https://developer.hashicorp.com/terraform/language/block/variable)."""
    _check_name(reader, "variable")
    if reader.name in RESERVED:
        message = f'invalid variable name: "{reader.name}" has a meaning in module blocks'
        reader.report(message, reader.block.labels[-1])
    reader.expect(_VARIABLE, ("validation",))
    reader.flag("const", False)  # does not affect the accepted values
    variable = Variable(
        reader.name,
        reader.name_place,
        reader.written("type"),
        reader.written("default"),
        nullable=reader.flag("nullable", True),
        sensitive=reader.flag("sensitive", False),
        ephemeral=reader.flag("ephemeral", False),
        deprecated=reader.text("deprecated"),
        description=reader.text("description"),
        validations=tuple(
            _read_validation(block, reader.name) for block in _conditions(reader, "validation")
        ),
        whole=reader.block.whole,
    )
    _check_type(reader, variable)
    return variable


def _check_type(reader: Reader, variable: Variable) -> None:
    type_, default = variable.type_expr, variable.default_expr
    match type_ and type_.expression:
        case Literal(value=str(value)) as quoted if not reader.source.is_json:
            message = f"invalid quoted type constraint: expected {value} without quotes"
            reader.report(message, quoted)
    if default is not None:
        _check_plain(reader, default)
        if literal(default.expression) is None and not variable.nullable:
            reader.report("invalid default: null, where nullable is false", default.expression)


def _check_plain(reader: Reader, written: Written) -> None:
    """Report what may not be used where nothing has a value yet."""
    for reference in written.references:
        name = reader.source.written(reference)
        reader.report(f"variables not allowed: {name} cannot be used here", reference)
    for call in calls(written.expression):
        reader.report(f"function calls not allowed: {call.name} cannot be called here", call)


def _read_validation(reader: Reader, variable: str) -> Validation:
    condition = reader.written("condition")
    if condition and not any(condition.refers_to("var", variable)):
        message = f"invalid variable validation condition: it does not refer to var.{variable}"
        reader.report(message, condition.expression)
    return Validation(reader.name_place, condition, reader.written("error_message"))


def read_output(reader: Reader) -> Output:
    """An `output` block; an override file may omit its value."""
    _check_name(reader, "output")
    reader.expect(_OUTPUT, ("precondition",))
    if not reader.override:
        reader.require("value")
    return Output(
        reader.name,
        reader.name_place,
        reader.written("value"),
        any([reader.flag("sensitive", False), reader.flag("ephemeral", False)]),
        reader.text("description"),
        reader.block.whole,
        tuple(
            written
            for block in _conditions(reader, "precondition")
            for written in map(block.written, _CONDITION)
            if written
        ),
    )


def _conditions(reader: Reader, type_: str) -> Iterator[Reader]:
    """The blocks that each set a condition, with what they lack reported."""
    for block in reader.nested(type_):
        block.expect(_CONDITION, ())
        block.require(*_CONDITION)
        yield block


def read_locals(reader: Reader) -> list[Local]:
    """A `locals` block."""
    for block in reader.block.body.blocks():
        reader.report(f'unexpected "{block.type}" block: a locals block holds values only', block)
    return [
        Local(name, reader.source.place(reader.arguments[name].header), value)
        for name, value in reader.content.arguments.items()
    ]


def read_call(reader: Reader) -> ModuleCall:
    """A `module` block."""
    _check_name(reader, "module instance")
    _check_repetition(reader)
    if not reader.override:
        reader.require("source")
    arguments = {**reader.content.arguments}
    meta = {name: arguments.pop(name) for name in _META if name in arguments}
    # From Terraform 1.15 both may have variables, so their values are no errors here.
    address, version = (
        literal(meta[name].expression) if name in meta else None for name in ("source", "version")
    )
    version = version if isinstance(version, str) else None
    return ModuleCall(
        reader.name,
        reader.name_place,
        meta.get("source"),
        classify_source(address, version) if isinstance(address, str) else None,
        version,
        arguments,
        meta,
    )


def read_resource(reader: Reader) -> Resource:
    """A `resource`, `data` or `ephemeral` block."""
    mode = _MODES.get(reader.type, "managed")
    _check_name(reader, "resource")
    _check_repetition(reader)
    resource = Resource(mode, reader.label, reader.name, reader.name_place, reader.content)
    for number, block in enumerate(reader.nested("lifecycle")):
        if number:
            reader.report("duplicate lifecycle block: there is one already", block.block.header)
        _check_lifecycle(block, resource)
    return resource


def _check_repetition(reader: Reader) -> None:
    """Report the two ways to make several instances where both are taken."""
    if "for_each" in reader.arguments and "count" in reader.arguments:
        message = 'invalid combination of "count" and "for_each": only one of them can be set'
        reader.report(message, reader.arguments["for_each"].header)


def _check_lifecycle(reader: Reader, resource: Resource) -> None:
    """Report what a `lifecycle` block does not take
    (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle and, for `enabled`
    and `destroy`, https://opentofu.org/docs/language/meta-arguments/lifecycle/)."""
    reader.expect((*_LIFECYCLE, "enabled", "destroy"), ("precondition", "postcondition"))
    for name in _LIFECYCLE:
        argument = reader.arguments.get(name)
        if argument is None:
            continue
        if resource.mode != "managed":
            message = f'invalid lifecycle argument: "{name}" is for managed resources only'
            reader.report(message, argument.header)
        elif name in _REFERRING:
            _check_referring(reader, name, argument.value)
        elif literal(argument.value) is not UNREAD:
            reader.flag(name, False)
        elif not reader.source.path.endswith((".tofu", ".tofu.json")):
            _check_plain(reader, Written(argument.value, reader.source))
    for type_ in ("precondition", "postcondition"):
        for block in _conditions(reader, type_):
            written = block.written("condition")
            for reference in written.refers_to("resource", resource.address) if written else ():
                message = f"{resource.address} may not refer to itself"
                block.report(f"invalid reference in {type_}: {message}", reference)


def _check_referring(reader: Reader, name: str, value: Expression) -> None:
    """Report what is no list of references; in JSON, they are written as texts."""
    is_json, ignores = reader.source.is_json, name == "ignore_changes"
    if ignores and reader.source.written(value) == ('"all"' if is_json else "all"):
        return
    if not isinstance(value, TupleCons):
        also = ", or all" if ignores else ""
        reader.report(f"{name}: expected a list of references{also}", value)
        return
    for item in value.items:
        text = reader.source.written(item)
        if ignores and not _is_attribute(item):
            reader.report(f"ignore_changes: expected the name of an attribute, not {text}", item)
        elif not ignores and not is_json and not _names_resources(Written(item, reader.source)):
            reader.report(f"replace_triggered_by: expected a resource, not {text}", item)


def _is_attribute(item: Expression) -> bool:
    """Whether an item names an attribute, or one inside it by constant keys."""
    if isinstance(item, Literal):
        return isinstance(item.value, str) and is_name(re.split(r"[.\[]", item.value)[0])
    return isinstance(item, Reference) and all(
        isinstance(step, Attribute) or (isinstance(step, Index) and isinstance(step.key, Literal))
        for step in item.steps
    )


def _names_resources(item: Written) -> bool:
    """Whether an item refers to resources, and otherwise to the instance at hand only."""
    others = [reference for reference in item.references if reference.name not in ("count", "each")]
    meanings = [*map(target, others)]
    return bool(others) and all(meaning and meaning.kind == "resource" for meaning in meanings)


def read_provider(reader: Reader) -> Provider:
    """A `provider` block."""
    return Provider(reader.name, reader.text("alias"), reader.name_place, reader.content)
