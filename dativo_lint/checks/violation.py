"""What a check may answer: a violation, or unresolved; silence means clean."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Fix


class Placed(Protocol):
    """Anything with a place, which may be found only on request."""

    @property
    def place(self) -> Place: ...


class Related(Struct, frozen=True):
    """Another place that a reader has to see, with a sentence about it."""

    at: Placed
    sentence: str


class Violation(Struct, frozen=True):
    """What is wrong, where it has to be fixed, where else to look, in reading order, and edits that
    fix it: of alternatives, the best first."""

    at: Placed
    message: str
    mentions: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()


class Unresolved(Struct, frozen=True):
    """A question that depends on a value that is known only at run time."""

    at: Placed
    message: str


Results: TypeAlias = Iterator[Violation | Unresolved]
"""What a check answers, one after the other."""

Judge: TypeAlias = Callable[[Any], Iterable[Violation | Unresolved]]
"""A check with its parameters: from what it judges to what is wrong with it."""
