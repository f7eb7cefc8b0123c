"""Places: where in which file something was written."""

from __future__ import annotations

from msgspec import Struct

Field = tuple[str | int, ...]
"""A route into a document: keys of mappings and 0-based indices of lists, outermost first."""


class Place(Struct, frozen=True, order=True):
    """A range of a text file.

    `path` is relative to the repository root, with forward slashes. Lines and columns are 1-based
    and count code points; the end is exclusive. `field` is the route to the field as a string,
    which may be absent from the file; it is empty where no field is meant.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    field: str = ""

    @property
    def place(self) -> Place:
        """Itself, so that a place can be used like anything else with a place."""
        return self

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


def start_of(path: str, field: str = "") -> Place:
    """The first character of a file, for what concerns the file as a whole."""
    return Place(path, 1, 1, 1, 1, field)


def _is_plain(name: str) -> bool:
    """Whether it is made of ASCII letters, digits, `_` and `-`, and begins with neither of two."""
    return name.isascii() and name.replace("-", "_").isidentifier() and name[0] != "-"


def spell(field: Field) -> str:
    """Write a route as people do: `infrastructure.tags["a.b"]`, `schema[0].name`."""
    spelled = ""
    for step in field:
        # A key of a mapping may be anything that YAML knows: a date, a number, null.
        name = step if isinstance(step, str) else str(step)
        if isinstance(step, int):
            spelled += f"[{name}]"
        elif _is_plain(name):
            spelled += f".{name}" if spelled else name
        else:
            escaped = name.replace("\\", "\\\\").replace('"', '\\"')
            spelled += f'["{escaped}"]'
    return spelled
