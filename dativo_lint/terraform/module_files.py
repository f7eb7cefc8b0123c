"""The files of a module: its configuration, parsed, and what its expressions read beside it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from dativo_lint.documents.document import Fault, Limits
from dativo_lint.documents.folder import Folder
from dativo_lint.documents.globs import expand_glob, glob_matcher
from dativo_lint.documents.place import start_of
from dativo_lint.terraform import syntax
from dativo_lint.terraform.declarations import ModuleError
from dativo_lint.terraform.json_syntax import read_json_body
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.plain_data import literal
from dativo_lint.terraform.source import Source, calls


class ModuleFile(Struct, frozen=True, eq=False):
    """A parsed file; what an `override` file holds is merged into what others declare."""

    source: Source
    body: syntax.Body
    override: bool


def configuration_names(names: list[str]) -> list[str]:
    """The names of a folder that Terraform or OpenTofu reads, in its order: override files last,
    no hidden files or backups (https://developer.hashicorp.com/terraform/language/files/override);
    `main.tofu` in place of `main.tf` (https://opentofu.org/docs/language/files/)."""
    present = {*names}
    chosen = [
        name
        for name in names
        if re.search(r"\A[^.].*\.(?:tf|tofu)(?:\.json)?\Z", name, re.DOTALL)
        and ((tofu := re.sub(r"\.tf(\.json)?\Z", r".tofu\1", name)) == name or tofu not in present)
    ]
    return sorted(chosen, key=lambda name: (is_override(name), name))


def is_override(name: str) -> bool:
    """Whether a file overrides what others declare."""
    base = name.removesuffix(".json").removesuffix(".tf").removesuffix(".tofu")
    return base == "override" or base.endswith("_override")


def read_files(
    folder: Folder, path: str, limits: Limits
) -> tuple[tuple[ModuleFile, ...], tuple[ModuleError, ...]]:
    """The files of the module in a folder, and what is wrong with their syntax."""
    files: list[ModuleFile] = []
    errors: list[ModuleError] = []
    for name in configuration_names(folder.names(path)):
        where = posixpath.normpath(posixpath.join(path, name))
        file = None if folder.kind(where) == "folder" else _read_file(folder, where, limits, errors)
        files += (file,) if file else ()
    if not files and not errors:
        errors.append(_nothing_in(folder, path))
    return tuple(files), tuple(errors)


def _nothing_in(folder: Folder, path: str) -> ModuleError:
    wrong = {"folder": "holds no .tf or .tofu file", "unreadable": "cannot be read"}
    what = wrong.get(folder.kind(path) or "", "")
    what = "is outside the repository" if folder.is_outside(path) else what
    message = (
        f'the module folder "{path}" {what}' if what else f'there is no module folder "{path}"'
    )
    return ModuleError(message, start_of(path))


def _read_file(
    folder: Folder, path: str, limits: Limits, errors: list[ModuleError]
) -> ModuleFile | None:
    content = folder.read(path, limits)
    if isinstance(content, Fault):
        errors.append(ModuleError(content.message, content.place))
        return None
    if path.endswith(".json"):
        source, body, wrong = read_json_body(path, content, limits)
        errors += wrong
    else:
        try:
            source = Source(path, content.decode("utf-8").removeprefix("\ufeff"))
        except UnicodeDecodeError as error:
            before = Source(path, content[: error.start].decode("utf-8").removeprefix("\ufeff"))
            end = syntax.Node(len(before.text), len(before.text))
            message = f"invalid character encoding: byte 0x{content[error.start]:02x} is not UTF-8"
            errors.append(ModuleError(message, before.place(end)))
            return None
        body = parse(source.text, limits)
    errors += (ModuleError(fault.message, source.place(fault)) for fault in body.errors)
    return ModuleFile(source, body, is_override(posixpath.basename(path)))


_READING: Final = frozenset({"file", "fileexists", "fileset", "templatefile"})
"""The functions that are evaluated if the files that they read are in the module."""
_MOST_FILES: Final = 100
_MOST_BELOW: Final = 1_000
"""The most files and folders among which those of a `fileset` are sought."""
_LIMITS: Final = Limits(file_bytes=1 << 16)


def path_in_module(node: syntax.Expression) -> str | None:
    """A path that stands in full behind `path.module`, from the folder of the module on."""
    node = syntax.unwrapped(node)
    first, *rest = node.parts if isinstance(node, syntax.Template) else (node,)
    if not isinstance(first, syntax.Reference) or first.name != "path" or len(first.steps) != 1:
        return None
    step = first.steps[0]
    values = [part.value for part in rest if isinstance(part, syntax.Literal)]
    names = [value for value in values if isinstance(value, str)]
    if not isinstance(step, syntax.Attribute) or step.name != "module" or len(names) < len(rest):
        return None
    path = posixpath.normpath("./" + "".join(names))
    is_below = not names or names[0].startswith("/")
    return path if is_below and path.split("/")[0] != ".." else None


class Texts(Struct, frozen=True, eq=False):
    """What calls in a module read, by its path from the folder of the module on: the texts of
    `files`, None for one that is not there, and the files that patterns below a path stand for.
    What is large, is no text, or lies elsewhere is in neither."""

    files: dict[str, str | None] = {}
    sets: dict[tuple[str, str], tuple[str, ...]] = {}


def _file_set(folder: Folder, where: str, pattern: str) -> Iterable[str] | None:
    """The files below a folder that a pattern of `fileset` stands for; None where they are very
    many, or the pattern is one that Terraform reads in a way of its own."""
    names, braces = pattern.split("/"), r"(\{[^{}/]*\})"
    is_odd = names.count("**") > 1 or ".." in names or len(pattern) > _MOST_FILES
    if is_odd or {*"{}[\\"} & {*re.sub(braces, "", pattern)}:
        return None
    patterns = [""]
    for part in re.split(braces, pattern):
        choices = part[1:-1].split(",") if part.startswith("{") else [part]
        patterns = [before + choice for before in patterns for choice in choices]
        if len(patterns) > _MOST_FILES:
            return None
    if "**" not in names:
        return {path for glob in patterns for path in expand_glob(folder, f"{where}/{glob}")}
    paths = [where]
    for path in paths:
        inside = folder.names(path) if folder.kind(path) == "folder" else []
        if len(paths) + len(inside) > _MOST_BELOW:
            return None
        paths += [posixpath.join(path, name) for name in inside]
    matchers = [*map(glob_matcher, patterns)]
    files = (path for path in paths if folder.kind(path) == "file")
    return [
        path for path in files if any(fits(posixpath.relpath(path, where)) for fits in matchers)
    ]


def read_texts(folder: Folder, path: str, bodies: Iterable[syntax.Body]) -> Texts:
    """What calls in a module read."""
    texts = Texts({}, {})
    seen: set[tuple[str, str]] = set()
    for call in (call for body in bodies for call in calls(body)):
        function = call.name.removeprefix("core::")
        name = path_in_module(call.arguments[0]) if call.arguments else None
        where = posixpath.normpath(posixpath.join(path, name or ""))
        if function not in _READING or name is None:
            continue
        pattern = literal(call.arguments[-1]) if function == "fileset" else ""
        if not isinstance(pattern, str) or (name, pattern) in seen:
            continue
        seen.add((name, pattern))
        if len(seen) > _MOST_FILES:
            break
        if function == "fileset":
            paths = _file_set(folder, where, pattern)
            if paths is not None:
                below = tuple(posixpath.relpath(path, where) for path in paths)
                texts.sets[name, pattern] = below
            continue
        kind = folder.kind(where)
        content = folder.read(where, _LIMITS) if kind == "file" else None
        if kind is None and not folder.is_outside(where):
            texts.files[name] = None
        elif content is not None and not isinstance(content, Fault):
            try:
                texts.files[name] = content.decode()
            except UnicodeDecodeError:
                continue
    return texts
