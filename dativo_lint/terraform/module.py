"""Reads a Terraform module: the blocks of all its files, with the override files merged in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from dativo_lint.documents.document import Limits
from dativo_lint.documents.folder import Folder
from dativo_lint.documents.place import Place
from dativo_lint.names import nearest
from dativo_lint.terraform import readers
from dativo_lint.terraform.blocks import LABELS, Reader
from dativo_lint.terraform.declarations import (
    Content,
    Local,
    ModuleCall,
    ModuleError,
    Nested,
    Output,
    Provider,
    RequiredVersion,
    Resource,
    Variable,
)
from dativo_lint.terraform.module_files import ModuleFile, Texts, read_files, read_texts
from dativo_lint.terraform.plain_data import literal
from dativo_lint.terraform.source import Source
from dativo_lint.terraform.syntax import Argument, Expression, Node, ObjectCons
from dativo_lint.terraform.versions import read_constraint


class Module(Struct, frozen=True, eq=False, dict=True):
    """What the files of one folder declare together, by name or address, and what Terraform would
    refuse of it; `complete` says that nothing can be missing from it."""

    path: str
    files: tuple[Source, ...]
    variables: Mapping[str, Variable]
    outputs: Mapping[str, Output]
    locals: Mapping[str, Local]
    calls: Mapping[str, ModuleCall]
    resources: Mapping[str, Resource]
    providers: tuple[Provider, ...]
    required_version: tuple[RequiredVersion, ...]
    errors: tuple[ModuleError, ...]
    complete: bool
    texts: Texts

    @cached_property
    def validated(self) -> tuple[Variable, ...]:
        """The variables that have validation blocks."""
        return tuple(variable for variable in self.variables.values() if variable.validations)

    @cached_property
    def local_expressions(self) -> Mapping[str, Expression]:
        """What stands behind the names of local values."""
        return {name: local.value.expression for name, local in self.locals.items()}


def read_module(folder: Folder, path: str, limits: Limits = Limits()) -> Module:
    """The module in a folder, relative to the root of the repository; never raises."""
    files, errors = read_files(folder, path, limits)
    complete = not errors
    bodies = [file.body for file in files if "path.module" in file.source.text]
    gathering = Gathering(list(errors))
    for file in files:
        _read_file(file, gathering)
    return Module(
        path,
        tuple(file.source for file in files),
        gathering.variables,
        gathering.outputs,
        gathering.locals,
        gathering.calls,
        gathering.resources,
        tuple(gathering.providers.values()),
        tuple(gathering.required_versions),
        tuple(sorted(gathering.errors, key=lambda error: (error.place, error.message))),
        complete,
        read_texts(folder, path, bodies),
    )


def _read_file(file: ModuleFile, gathering: Gathering) -> None:
    for item in file.body.items:
        if isinstance(item, Argument):
            place = file.source.place(item.header)
            message = f'unsupported argument: "{item.name}" stands outside of any block'
            gathering.errors.append(ModuleError(message, place))
            continue
        reader = Reader(item, file.source, gathering.errors, file.override)
        if item.type not in LABELS:
            near = nearest(item.type, LABELS)
            reader.report(f'unsupported block type: "{item.type}"{near}', item.header)
        elif reader.has_labels():
            gathering.take(reader)


_PROVIDER: Final = "provider configuration"


class Gathering(Struct):
    """What has been declared so far; override files, which come last, replace it argument by
    argument (https://developer.hashicorp.com/terraform/language/files/override)."""

    errors: list[ModuleError]
    variables: dict[str, Variable] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    calls: dict[str, ModuleCall] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    required_versions: list[RequiredVersion] = field(default_factory=list)
    required_providers: Place | None = None

    def take(self, reader: Reader) -> None:
        """Take in one block with the labels that belong to it."""
        match reader.type:
            case "variable":
                self._add(reader, self.variables, "variable", readers.read_variable(reader))
            case "output":
                self._add(reader, self.outputs, "output", readers.read_output(reader))
            case "locals":
                for local in readers.read_locals(reader):
                    self._add(reader, self.locals, "local value", local)
            case "module":
                self._add(reader, self.calls, "module call", readers.read_call(reader))
            case "resource" | "data" | "ephemeral":
                self._add(reader, self.resources, "resource", readers.read_resource(reader))
            case "provider":
                self._add(reader, self.providers, _PROVIDER, readers.read_provider(reader))
            case "terraform":
                self._take_settings(reader)
            case "moved":
                reader.require("from", "to")
            case "removed":
                reader.require("from")
            case "import":
                reader.require("to")

    def _add(self, reader: Reader, declared: dict[str, Any], what: str, declaration: Any) -> None:
        """Declare a name, or in an override file override what was declared under it."""
        has_address = isinstance(declaration, (Provider, Resource))
        key = declaration.address if has_address else declaration.name
        before = declared.get(key)
        if before is None and (not reader.override or what == _PROVIDER):
            declared[key] = declaration
        elif before is None:
            message = f'missing base to override: there is no {what} "{key}" in any other file'
            self.errors.append(ModuleError(message, declaration.place))
        elif reader.override:
            declared[key] = _merged(reader, before, declaration)
        else:
            message = f'duplicate {what}: "{key}" is already declared at {before.place}'
            self.errors.append(ModuleError(message, declaration.place))

    def _take_settings(self, reader: Reader) -> None:
        required = _required_version(reader)
        if required is not None:
            if reader.override:
                self.required_versions.clear()
            self.required_versions.append(required)
        for block in () if reader.override else reader.nested("required_providers"):
            if self.required_providers is not None:
                message = "duplicate required providers configuration: there is one at "
                block.report(f"{message}{self.required_providers} already", block.block.header)
            self.required_providers = self.required_providers or block.name_place
            _judge_required_providers(block)


_ENTRY: Final = frozenset({"configuration_aliases", "source", "version"})
"""What an entry of a `required_providers` block may set."""


def _required_version(reader: Reader) -> RequiredVersion | None:
    """The `required_version` of a `terraform` block."""
    written, text = reader.written("required_version"), reader.text("required_version")
    if written is None or text is None or not _is_constraint(reader, text, written.expression):
        return None
    return RequiredVersion(text, written.place)


def _judge_required_providers(reader: Reader) -> None:
    """Report what is wrong with the entries of a `required_providers` block."""
    for argument in reader.arguments.values():
        if not isinstance(argument.value, ObjectCons):
            _is_constraint(reader, literal(argument.value), argument.value)
            continue
        for item in argument.value.items:
            name = reader.source.written(item.key).strip('"')
            if name == "version":
                _is_constraint(reader, literal(item.value), item.value)
            elif name not in _ENTRY:
                reader.report(f'unsupported attribute: "{name}"{nearest(name, _ENTRY)}', item.key)


def _is_constraint(reader: Reader, text: object, at: Node) -> bool:
    """Whether a text lists versions; reports one that does not."""
    if not isinstance(text, str) or all(map(read_constraint, text.split(","))):
        return True
    reader.report(f'invalid version constraint: "{text}" is no list of versions', at)
    return False


_WRITTEN_AS: Final = {"type_expr": "type", "default_expr": "default", "address": "source"}
"""The arguments of the fields that have another name."""


def _merged(reader: Reader, base: Any, override: Any) -> Any:
    """A declaration with the values of an override file's block."""
    if isinstance(override, Local):
        return override
    if isinstance(override, (Provider, Resource)):
        return _with_contents(base, override.content)
    written = reader.arguments
    fields: dict[str, Any] = {
        name: getattr(override, name)
        for name in base.__struct_fields__
        if _WRITTEN_AS.get(name, name) in written and name != "name"
    }
    if isinstance(override, ModuleCall):
        fields["arguments"] = {**base.arguments, **override.arguments}
        fields["meta"] = {**base.meta, **override.meta}
    elif isinstance(override, Variable):
        fields["whole"] = base.whole and override.whole
        for validation in override.validations:
            message = "validation blocks cannot stand in an override file"
            reader.errors.append(ModuleError(message, validation.place))
    return replace(base, **fields)


def _with_contents(base: Any, override: Content) -> Any:
    """A resource or a provider with the arguments and blocks of an override file's block."""
    arguments = {**base.content.arguments, **override.arguments}
    replaced = {_type_of(block) for block in override.nested}
    kept = tuple(block for block in base.content.nested if _type_of(block) not in replaced)
    return replace(base, content=Content(arguments, kept + override.nested))


def _type_of(block: Nested) -> str:
    """The type of a block, or of the blocks that a `dynamic` block makes."""
    return block.label or block.type if block.type == "dynamic" else block.type
