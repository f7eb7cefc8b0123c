"""The one exception: the tool was given something that it cannot work with."""

from __future__ import annotations

from dativo_lint.texts.place import Place


class Misuse(Exception):
    """A bad argument, setting or rule file; its text names what is wrong and what was expected.

    `place` says where, when the wrong thing stands in a file.
    """

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place
