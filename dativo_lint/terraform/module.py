"""Reads a Terraform module: the blocks of all its files, with the override files merged in."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from dativo_lint.documents.document import Limits
from dativo_lint.documents.folder import Folder
from dativo_lint.terraform.blocks import LABELS, Reader, has_labels, header, named, near_name
from dativo_lint.terraform.declarations import (
    Local,
    ModuleCall,
    ModuleError,
    Output,
    Provider,
    RequiredVersion,
    Resource,
    Variable,
)
from dativo_lint.terraform.gathering import Gathering
from dativo_lint.terraform.module_files import ModuleFile, read_files
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
    gathered = gathering
    return Module(
        path,
        tuple(file.source for file in files),
        gathered.variables,
        gathered.outputs,
        gathered.locals,
        gathered.calls,
        tuple(gathered.resources.values()),
        tuple(gathered.providers.values()),
        tuple(gathered.required_versions),
        tuple(sorted(gathered.errors, key=lambda error: (error.place, error.message))),
        complete,
    )


def _read_file(file: ModuleFile, gathering: Gathering) -> None:
    for item in file.body.items:
        reader_errors = gathering.errors
        if isinstance(item, Argument):
            place = file.source.place(named(item))
            message = f'unsupported argument: "{item.name}" stands outside of any block'
            reader_errors.append(ModuleError(message, place))
            continue
        reader = Reader(item, file.source, reader_errors)
        if item.type not in LABELS:
            near = near_name(item.type, LABELS)
            reader.report(f'unsupported block type: "{item.type}"{near}', header(item))
        elif has_labels(item, reader.report):
            gathering.take(reader, file.override)
