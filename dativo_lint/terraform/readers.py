"""What each block at the top of a file declares."""

from __future__ import annotations

from typing import Final

from dativo_lint.terraform.address import classify_source
from dativo_lint.terraform.blocks import Reader, content_of
from dativo_lint.terraform.declarations import (
    Local,
    Mode,
    ModuleCall,
    Output,
    Provider,
    RequiredVersion,
    Resource,
    Validation,
    Variable,
)
from dativo_lint.terraform.names import calls
from dativo_lint.terraform.plain_data import literal
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.syntax import Attribute, Literal, Reference
from dativo_lint.terraform.versions import read_constraint

RESERVED: Final = frozenset(
    {
        "count",
        "depends_on",
        "for_each",
        "lifecycle",
        "locals",
        "provider",
        "providers",
        "source",
        "version",
    }
)
"""Names that a module call gives a meaning of its own, so that no variable can have them.

https://developer.hashicorp.com/terraform/language/block/variable
"""
_META: Final = ("count", "depends_on", "for_each", "providers", "source", "version")
_VARIABLE: Final = (
    *("type", "default", "description", "sensitive", "nullable", "ephemeral"),
    *("deprecated", "const"),
)
_OUTPUT: Final = ("value", "description", "sensitive", "ephemeral", "depends_on", "deprecated")


def is_name(text: str) -> bool:
    """Whether a text can name anything: letters, digits, `_` and `-`, no digit first."""
    return text.replace("-", "_").isidentifier() and not text.startswith("-")


def _check_name(reader: Reader, what: str) -> None:
    if not is_name(reader.name):
        message = f'invalid {what} name: "{reader.name}" is not made of letters, digits, _ and -'
        reader.report(message, reader.block.labels[-1])


def read_variable(reader: Reader) -> Variable:
    """A `variable` block; see https://developer.hashicorp.com/terraform/language/block/variable.

    `deprecated` and `const` came with Terraform 1.15; they are taken from any version.
    """
    _check_name(reader, "variable")
    if reader.name in RESERVED:
        message = f'invalid variable name: "{reader.name}" has a meaning in module blocks'
        reader.report(message, reader.block.labels[-1])
    reader.expect(_VARIABLE, ("validation",))
    reader.flag("const", False)  # says nothing of what the variable takes
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
            _read_validation(block, reader.name) for block in reader.nested("validation")
        ),
        whole=reader.block.whole,
    )
    _check_type(reader, variable)
    return variable


def _check_type(reader: Reader, variable: Variable) -> None:
    written, default = variable.type_expr, variable.default_expr
    if written is not None and not reader.source.is_json:
        type_ = written.expression
        if isinstance(type_, Literal) and isinstance(type_.value, str):
            message = f"invalid quoted type constraint: expected {type_.value} without quotes"
            reader.report(message, type_)
    if default is None:
        return
    _check_plain(reader, default)
    value = literal(default.expression)
    if value is None and not variable.nullable:
        reader.report("invalid default: null, where nullable is false", default.expression)


def _check_plain(reader: Reader, written: Written) -> None:
    """Report what may not be used where nothing has a value yet."""
    for reference in written.references:
        name = reader.source.written(reference)
        reader.report(f"variables not allowed: {name} cannot be used here", reference)
    for call in calls(written.expression):
        reader.report(f"function calls not allowed: {call.name} cannot be called here", call)


def _read_validation(reader: Reader, variable: str) -> Validation:
    reader.expect(("condition", "error_message"), ())
    reader.require("condition", "error_message")
    condition, message = reader.written("condition"), reader.written("error_message")
    if condition is not None and not any(
        reference.name == "var" and _attribute(reference) == variable
        for reference in condition.references
    ):
        text = f"invalid variable validation condition: it does not refer to var.{variable}"
        reader.report(text, condition.expression)
    return Validation(reader.name_place, condition, message)


def _attribute(reference: Reference) -> str | None:
    """The name behind the first dot."""
    step = reference.steps[0] if reference.steps else None
    return step.name if isinstance(step, Attribute) else None


def read_output(reader: Reader) -> Output:
    """An `output` block; an override file need not say its value."""
    _check_name(reader, "output")
    reader.expect(_OUTPUT, ("precondition",))
    if not reader.override:
        reader.require("value")
    return Output(
        reader.name,
        reader.name_place,
        reader.written("value"),
        reader.flag("sensitive", False),
        reader.text("description"),
        reader.block.whole,
    )


def read_locals(reader: Reader) -> list[Local]:
    """A `locals` block."""
    for block in reader.block.body.blocks():
        reader.report(f'unexpected "{block.type}" block: a locals block holds values only', block)
    return [
        Local(
            name,
            reader.source.between(it.start, it.start + len(name)),
            Written(it.value, reader.source),
        )
        for name, it in reader.block.body.arguments.items()
    ]


def read_call(reader: Reader) -> ModuleCall:
    """A `module` block."""
    _check_name(reader, "module instance")
    source = reader.written("source")
    if not reader.override:
        reader.require("source")
    # From Terraform 1.15 both may hold variables, so that what they say is not an error here.
    asked = reader.written("version")
    version = literal(asked.expression) if asked else None
    version = version if isinstance(version, str) else None
    address = None
    if source is not None and isinstance(text := literal(source.expression), str):
        address = classify_source(text, version)
    content = content_of(reader.block.body, reader.source, _META)
    meta = {name: value for name in _META if (value := reader.written(name)) is not None}
    return ModuleCall(
        reader.name, reader.name_place, source, address, version, content.arguments, meta
    )


def read_resource(reader: Reader) -> Resource:
    """A `resource`, `data` or `ephemeral` block."""
    mode: Mode = "managed"
    if reader.block.type in ("data", "ephemeral"):
        mode = "data" if reader.block.type == "data" else "ephemeral"
    _check_name(reader, "resource")
    content = content_of(reader.block.body, reader.source)
    return Resource(mode, reader.block.labels[0].text, reader.name, reader.name_place, content)


def read_provider(reader: Reader) -> Provider:
    """A `provider` block."""
    content = content_of(reader.block.body, reader.source)
    return Provider(reader.name, reader.text("alias"), reader.name_place, content)


def read_required_version(reader: Reader) -> RequiredVersion | None:
    """The `required_version` of a `terraform` block."""
    written, constraint = reader.written("required_version"), reader.text("required_version")
    if written is None or constraint is None:
        return None
    if not all(read_constraint(part) for part in constraint.split(",")):
        message = f'invalid version constraint: "{constraint}" is no list of versions'
        reader.report(message, written.expression)
        return None
    return RequiredVersion(constraint, written.place)
