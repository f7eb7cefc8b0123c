"""A finding: a rule broken at a place."""

from __future__ import annotations

from msgspec import Struct

from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.subject.allowance import Allowance
from dativo_lint.texts.place import Place, start_of


class Mention(Struct, frozen=True):
    """Another place that the reader has to see; `source` is the line of the file there."""

    place: Place
    sentence: str
    source: str = ""


class Finding(Struct, frozen=True):
    """A rule broken at a place: the place where the mend belongs.

    `mentions` stand in reading order, the weakest layer first. `fingerprint` is a hexadecimal
    digest of rule, path and field that survives a change of lines. `source` is the line of the
    file at the place. `allowance` is set where somebody accepted the finding.
    """

    rule: Rule
    severity: Severity
    place: Place
    message: str
    mentions: tuple[Mention, ...] = ()
    fingerprint: str = ""
    source: str = ""
    allowance: Allowance | None = None


class OpenQuestion(Struct, frozen=True):
    """What a rule could not decide from the text."""

    rule: Rule
    place: Place
    message: str
    source: str = ""


def order_of(one: Finding | OpenQuestion) -> tuple[str | int, ...]:
    """What a report is sorted by: the place, then the rule, then the message."""
    at = one.place
    where = at.path, at.line, at.column, at.end_line, at.end_column, at.field
    return (*where, one.rule.id, one.message)


class Crash(Struct, frozen=True):
    """A check that raised: the tool's own failure, with the rule and the job it failed on.

    `rule` is `ITSELF` where the tool failed outside all checks.
    """

    rule: Rule
    path: str
    message: str


ITSELF = Rule(
    id="internal-error",
    family="itself",
    summary="A failure of the linter itself, outside all checks",
    why="What the linter could not judge may be broken in any way.",
    fix="Report it, with the file if you can.",
    severity=Severity.ERROR,
    check="",
    place=start_of(""),
)
"""What stands for a rule where the tool failed before, or after, it asked one."""
