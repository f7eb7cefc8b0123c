"""Functions of paths."""

from __future__ import annotations

import posixpath

from dativo_lint.terraform.signature import function
from dativo_lint.terraform.types import STRING
from dativo_lint.terraform.values import Value, text, unknown


@function("basename", path=STRING, returns=STRING)
def _basename(path: Value) -> Value:
    if not path.data:
        return text(".")
    return text(posixpath.basename(path.data.rstrip("/")) or "/")


@function("dirname", path=STRING, returns=STRING)
def _dirname(path: Value) -> Value:
    folder = path.data.rpartition("/")[0]
    if not folder:
        return text("/" if path.data.startswith("/") else ".")
    return text(posixpath.normpath(folder).replace("//", "/"))


@function("pathexpand", path=STRING, returns=STRING)
def _pathexpand(path: Value) -> Value:
    if path.data.startswith("~"):
        return unknown("pathexpand() looks up a home folder", STRING)
    return path
