"""The names of `typing` as modules need them at run time, where nobody looks at them.

Importing `typing` takes 2.5 ms of a run over one file. Annotations are never evaluated here, so
what is left are names of types in aliases, bases of protocols, and calls that give back what they
are given. To mypy all are those of `typing`.
"""

from __future__ import annotations

TYPE_CHECKING = False

__all__ = [
    "TYPE_CHECKING", "Any", "ClassVar", "Final", "Literal", "Protocol", "TypeAlias", "TypeVar",
    "cast",
]  # fmt: skip

if TYPE_CHECKING:
    from typing import Any, ClassVar, Final, Literal, Protocol, TypeAlias, TypeVar, cast
else:

    class Any:
        """Stands for a type in an alias; whatever is asked for in brackets, it is the same."""

        def __class_getitem__(cls, _: object) -> type:
            return cls

    ClassVar = Final = Literal = TypeAlias = Any

    class Protocol:
        """What a class is derived from that only says what others can do."""

        __slots__ = ()

    def TypeVar(name: str, *_: object, **__: object) -> type:  # noqa: N802  as `typing` has it
        """A name for a type that is not known yet."""
        return type(name, (), {})

    def cast(_: object, value: object) -> object:
        """A value that is known to be of a type."""
        return value
