"""Failures of expressions, with Terraform's messages."""

from __future__ import annotations

from msgspec.structs import replace

from dativo_lint.terraform.syntax import Diagnostic
from dativo_lint.terraform.types import Type

HIDDEN_MESSAGE = "the error message included a sensitive value, so it will not be displayed"
"""Terraform's own sentence in place of a message that would show a secret."""


class EvaluationError(Diagnostic, frozen=True):
    """Why Terraform would refuse to evaluate an expression, in place of its value."""


class Failed(Exception):
    """Ends the evaluation of an expression; never leaves the room."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(summary)
        self.error = EvaluationError(-1, -1, summary, detail)

    @classmethod
    def of(cls, error: EvaluationError) -> Failed:
        """A failure that was met before."""
        failed = cls(error.summary, error.detail)
        failed.error = error
        return failed

    def at(self, start: int, end: int) -> None:
        """Place the failure, unless a part of the expression is placed already."""
        if self.error.start < 0:
            self.error = replace(self.error, start=start, end=end)


class CallFailed(Exception):
    """A function cannot do with an `argument`, or with all (-1); `steps` found that out."""

    def __init__(self, detail: str, argument: int = -1, steps: int = 0) -> None:
        super().__init__(detail)
        self.detail = detail
        self.argument = argument
        self.steps = steps


class NotKnown(Exception):
    """The result of a function is unknown; of it, `type` may be known. `steps` found that out."""

    def __init__(self, reason: str, type_: Type | None = None, steps: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.type = type_
        self.steps = steps
