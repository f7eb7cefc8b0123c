"""The files beside a module that its expressions read, such as templates of policies."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from dativo_lint.documents.document import Fault, Limits
from dativo_lint.documents.folder import Folder
from dativo_lint.documents.globs import expand_glob
from dativo_lint.terraform import syntax
from dativo_lint.terraform.names import calls
from dativo_lint.terraform.plain_data import literal

READING: Final = frozenset({"file", "fileexists", "fileset", "templatefile"})
"""The functions that are evaluated where what they read lies in the module."""
_MOST_FILES: Final = 100
_LIMITS: Final = Limits(file_bytes=1 << 16)


def path_in_module(node: syntax.Expression) -> str | None:
    """A path that stands in full behind `path.module`, from the folder of the module on."""
    while isinstance(node, (syntax.Parens, syntax.Wrapped)):
        node = node.value
    first, *rest = node.parts if isinstance(node, syntax.Template) else (node,)
    if not isinstance(first, syntax.Reference) or first.name != "path" or len(first.steps) != 1:
        return None
    step = first.steps[0]
    names = [
        it.value for it in rest if isinstance(it, syntax.Literal) and isinstance(it.value, str)
    ]
    if not isinstance(step, syntax.Attribute) or step.name != "module" or len(names) < len(rest):
        return None
    found = posixpath.normpath("./" + "".join(names))
    is_below = not names or names[0].startswith("/")
    return found if is_below and found.split("/")[0] != ".." else None


class Texts(Struct, frozen=True, eq=False):
    """What calls in a module read, by its path from the folder of the module on.

    `files` are texts, None for one that is not there; `sets` the files that a pattern below a path
    stands for. What is large, is no text, or lies elsewhere is in neither.
    """

    files: dict[str, str | None] = {}
    sets: dict[tuple[str, str], tuple[str, ...]] = {}


def read_texts(folder: Folder, path: str, bodies: Iterable[syntax.Body]) -> Texts:
    """What calls in a module read."""
    texts = Texts({}, {})
    seen: set[tuple[str, str]] = set()
    for call in (call for body in bodies for call in calls(body)):
        function = call.name.removeprefix("core::")
        name = path_in_module(call.arguments[0]) if call.arguments else None
        where = posixpath.normpath(posixpath.join(path, name or ""))
        if function not in READING or name is None:
            continue
        pattern = literal(call.arguments[-1]) if function == "fileset" else ""
        if not isinstance(pattern, str) or (name, pattern) in seen:
            continue
        seen.add((name, pattern))
        if len(seen) > _MOST_FILES:
            break
        if function == "fileset":
            if not {*"*{[\\"} & {*pattern.replace("*", "", 1)}:
                found = expand_glob(folder, posixpath.join(where, pattern))
                texts.sets[name, pattern] = tuple(posixpath.relpath(it, where) for it in found)
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
