"""Reads a Terraform module: the blocks of all its files, with the override files merged in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from dativo_lint.documents.document import Limits
from dativo_lint.documents.folder import Folder
from dativo_lint.terraform.blocks import LABELS, Reader, has_labels, header, named, near_name
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
from dativo_lint.terraform.module_files import ModuleFile, read_files
from dativo_lint.terraform.readers import (
    read_call,
    read_locals,
    read_output,
    read_provider,
    read_required_version,
    read_resource,
    read_variable,
)
from dativo_lint.terraform.source import Source
from dativo_lint.terraform.syntax import Argument


class Module(Struct, frozen=True, eq=False):
    """What the files of one folder declare together, by name and in the order of the text.

    `errors` holds, by place, what Terraform would refuse. A module with errors still has
    everything that could be read; `complete` says that nothing can be missing from it.
    """

    path: str
    files: tuple[Source, ...]
    variables: Mapping[str, Variable]
    outputs: Mapping[str, Output]
    locals: Mapping[str, Local]
    calls: Mapping[str, ModuleCall]
    resources: tuple[Resource, ...]
    providers: tuple[Provider, ...]
    required_version: tuple[RequiredVersion, ...]
    errors: tuple[ModuleError, ...]
    complete: bool


def read_module(folder: Folder, path: str, limits: Limits = Limits()) -> Module:
    """The module in a folder, relative to the root of the repository; never raises."""
    files, errors = read_files(folder, path, limits)
    complete = not errors
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
        tuple(gathering.resources.values()),
        tuple(gathering.providers.values()),
        tuple(gathering.required_versions),
        tuple(sorted(gathering.errors, key=lambda error: (error.place, error.message))),
        complete,
    )


def _read_file(file: ModuleFile, gathering: Gathering) -> None:
    for item in file.body.items:
        if isinstance(item, Argument):
            place = file.source.place(named(item))
            message = f'unsupported argument: "{item.name}" stands outside of any block'
            gathering.errors.append(ModuleError(message, place))
            continue
        reader = Reader(item, file.source, gathering.errors)
        if item.type not in LABELS:
            near = near_name(item.type, LABELS)
            reader.report(f'unsupported block type: "{item.type}"{near}', header(item))
        elif has_labels(item, reader.report):
            gathering.take(reader, file.override)


_Merge = Callable[[Any, Any], Any]


class Gathering(Struct):
    """What has been declared so far; primary files are taken before override files.

    What an override file says replaces what was said before, argument by argument, and inner
    blocks type by type (https://developer.hashicorp.com/terraform/language/files/override).
    """

    errors: list[ModuleError]
    variables: dict[str, Variable] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    calls: dict[str, ModuleCall] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    required_versions: list[RequiredVersion] = field(default_factory=list)

    def take(self, reader: Reader, override: bool) -> None:
        """Take in one block with the labels that belong to it."""
        type_ = reader.block.type
        if type_ == "variable":
            merge = _variable_merge(reader)
            self._add(
                self.variables, "variable", read_variable(reader), merge if override else None
            )
        elif type_ == "output":
            output = read_output(reader, override)
            self._add(self.outputs, "output", output, _merge_outputs if override else None)
        elif type_ == "locals":
            for local in read_locals(reader):
                self._add(self.locals, "local value", local, _last if override else None)
        elif type_ == "module":
            call = read_call(reader, override)
            self._add(self.calls, "module call", call, _merge_calls if override else None)
        elif type_ in ("resource", "data", "ephemeral"):
            resource = read_resource(reader)
            merged = _merge_contents if override else None
            self._add(self.resources, "resource", resource, merged, resource.address)
        elif type_ == "provider":
            self._take_provider(read_provider(reader), override)
        elif type_ == "terraform":
            self._take_settings(reader, override)

    def _add(
        self,
        declared: dict[str, Any],
        what: str,
        declaration: Variable | Output | Local | ModuleCall | Resource,
        merge: _Merge | None,
        key: str = "",
    ) -> None:
        """Declare a name, or with `merge` override what was declared under it."""
        key = key or declaration.name
        before = declared.get(key)
        if merge is not None and before is None:
            message = f'missing base to override: there is no {what} "{key}" in any other file'
            self.errors.append(ModuleError(message, declaration.place))
        elif merge is not None:
            declared[key] = merge(before, declaration)
        elif before is not None:
            message = f'duplicate {what}: "{key}" is declared at {before.place} already'
            self.errors.append(ModuleError(message, declaration.place))
        else:
            declared[key] = declaration

    def _take_provider(self, provider: Provider, override: bool) -> None:
        key = f"{provider.name}.{provider.alias}" if provider.alias else provider.name
        before = self.providers.get(key)
        if before is None or not override:
            if before is not None:
                message = f'duplicate provider configuration: "{key}" is at {before.place} already'
                self.errors.append(ModuleError(message, provider.place))
            self.providers.setdefault(key, provider)
        else:
            self.providers[key] = _merge_contents(before, provider)

    def _take_settings(self, reader: Reader, override: bool) -> None:
        required = read_required_version(reader)
        if required is None:
            return
        if override:
            self.required_versions.clear()
        self.required_versions.append(required)


def _last(_: Local, override: Local) -> Local:
    return override


def _variable_merge(reader: Reader) -> Callable[[Variable, Variable], Variable]:
    """How the variable that is read from a block overrides another."""
    said = reader.block.body.arguments

    def merge(base: Variable, override: Variable) -> Variable:
        for validation in override.validations:
            message = "validation blocks cannot stand in an override file"
            reader.errors.append(ModuleError(message, validation.place))
        fields = {
            name: getattr(override, name)
            for name in ("nullable", "sensitive", "ephemeral", "deprecated", "description")
            if name in said
        }
        return replace(
            base,
            type_expr=override.type_expr or base.type_expr,
            default_expr=override.default_expr or base.default_expr,
            whole=base.whole and override.whole,
            **fields,
        )

    return merge


def _merge_outputs(base: Output, override: Output) -> Output:
    return replace(
        base,
        value=override.value or base.value,
        sensitive=override.sensitive or base.sensitive,
        description=override.description or base.description,
    )


def _merge_calls(base: ModuleCall, override: ModuleCall) -> ModuleCall:
    return replace(
        base,
        source=override.source or base.source,
        address=override.address if override.source else base.address,
        version=override.version or base.version,
        arguments={**base.arguments, **override.arguments},
        meta={**base.meta, **override.meta},
    )


_WithContent = TypeVar("_WithContent", Resource, Provider)


def _merge_contents(base: _WithContent, override: _WithContent) -> _WithContent:
    arguments = {**base.content.arguments, **override.content.arguments}
    replaced = {_type_of(block) for block in override.content.nested}
    kept = tuple(block for block in base.content.nested if _type_of(block) not in replaced)
    return replace(base, content=Content(arguments, kept + override.content.nested))


def _type_of(block: Nested) -> str:
    """The type of a block, or of the blocks that a `dynamic` block makes."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
