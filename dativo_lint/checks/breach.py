"""What a check may answer: a breach, or an open question; silence means clean."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from dativo_lint.texts.place import Place


class Placed(Protocol):
    """Anything with a place; the place may be worked out only when it is asked for."""

    @property
    def place(self) -> Place: ...


class Mention(Struct, frozen=True):
    """Another place that a reader has to see, with a sentence about it."""

    at: Placed
    sentence: str


class Breach(Struct, frozen=True):
    """What is wrong, where it has to be mended, and where else to look, in reading order.

    One that is told again and again, for all its places lie in an asset that jobs share, has room
    in `entered` for what is made of it, which then lives as long as the asset.
    """

    at: Placed
    message: str
    mentions: tuple[Mention, ...] = ()
    entered: dict[Any, Any] | None = None


class Open(Struct, frozen=True):
    """What cannot be decided from the text, and the value that it hangs on."""

    at: Placed
    message: str
