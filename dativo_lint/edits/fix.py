"""Fixes: edits of files that fix a finding, as plain values."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from dativo_lint.documents.place import Place


class Edit(Struct, frozen=True, array_like=True):
    """A range of a file, and the text to put there instead.

    `others` are fields that share the text with the field of the place, through an anchor: the edit
    is right only if it is wanted for each of them. `byte_columns` are those of its start and end in
    UTF-8; 0 where the line is not shown.
    """

    place: Place
    text: str
    byte_columns: tuple[int, int] = (0, 0)
    others: tuple[str, ...] = ()


class NotExact(Struct, frozen=True):
    """Why a field cannot be edited without changing anything else."""

    reason: str


FixLayer: TypeAlias = Literal["", "job", "asset"]
"""The layer that a fix edits, where another one could be edited instead."""


class Fix(Struct, frozen=True, array_like=True):
    """What fixes a finding: all its edits together, or none.

    A fix that `is_safe` keeps the meaning, or types what was plainly meant; any other is a decision
    that a person should see. Where it cannot be done exactly, there are no edits but a `refusal`.
    """

    title: str
    edits: tuple[Edit, ...] = ()
    is_safe: bool = True
    refusal: str = ""
    layer: FixLayer = ""


def fix(title: str, *edits: Edit | NotExact, is_safe: bool = True, layer: FixLayer = "") -> Fix:
    """A fix that consists of edits, if each can be made exactly."""
    for edit in edits:
        if isinstance(edit, NotExact):
            return Fix(title, (), is_safe, edit.reason, layer)
    exact = tuple(edit for edit in edits if isinstance(edit, Edit))
    return Fix(title, exact, is_safe, layer=layer)
