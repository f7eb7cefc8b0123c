"""Functions of paths."""

from __future__ import annotations

import posixpath
from typing import Final

from dativo_lint.terraform.signature import Parameter, function
from dativo_lint.terraform.types import STRING
from dativo_lint.terraform.values import Value, text, unknown

_PATH: Final = Parameter("path", STRING)


@function("basename", _PATH, returns=STRING)
def _basename(path: Value) -> Value:
    if not path.data:
        return text(".")
    return text(posixpath.basename(path.data.rstrip("/")) or "/")


@function("dirname", _PATH, returns=STRING)
def _dirname(path: Value) -> Value:
    folder = path.data.rpartition("/")[0]
    if not folder:
        return text("/" if path.data.startswith("/") else ".")
    return text(posixpath.normpath(folder).replace("//", "/"))


@function("pathexpand", _PATH, returns=STRING)
def _pathexpand(path: Value) -> Value:
    if path.data.startswith("~"):
        return unknown("pathexpand() looks up a home folder", STRING)
    return path
