"""The content of a rule file."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from msgspec import Struct, field

from dativo_lint.documents.place import Place, start_of


class Severity(str, Enum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for an error, 1 for a warning, 2 for a note."""
        return _RANKS[self]

    def reaches(self, level: Severity) -> bool:
        """Whether this is at least as bad as `level`."""
        return self.rank <= level.rank


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Source(Struct, frozen=True):
    """A source that supports the rule."""

    title: str
    url: str


class Regulation(Struct, frozen=True):
    """A section of a regulation, such as Article 5(1)(e) of the GDPR, with its subject."""

    name: str
    section: str
    title: str
    url: str


class Expected(Struct, frozen=True):
    """An expected finding of an example: `at` is "file field", `says` the whole message."""

    at: str
    says: str


class Example(Struct, frozen=True):
    """A tiny repository, and exactly what its rule finds there.

    `files` maps paths to texts; `params` are laid over those of the rule, as a shop's settings
    would; `settings` are other settings that the example needs. `fixed` are the files that the
    fixes of the rule change, as they are then.
    """

    title: str
    files: Mapping[str, str]
    findings: tuple[Expected, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


class Rule(Struct, frozen=True, eq=False):
    """A rule: one kind of defect, as data.

    `when` maps fields of the job to the values for which the rule applies (all must match);
    `requires_params` lists parameters that the settings have to supply before the rule runs; one
    that is `off_by_default` runs if it is selected by its id, or given a severity; `yields_to`
    lists rules that report the same defect, so that of two findings at one place the more severe
    counts, and of two equal ones that of the other rule; `refuses` does the same for all other
    rules. `fixable` is "safe" or "unsafe" if its findings, or some of them, have fixes.
    `regulations` are what it helps to comply with. `place` is that of its id, for a built-in rule
    the start of its file; `page` the address of its documentation, if it has one; `applies_to`
    the targets of its check, empty where only the check has them.
    """

    id: str
    family: str
    summary: str
    why: str
    fix: str
    severity: Severity
    check: str
    place: Place = start_of("")
    params: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, Any] = field(default_factory=dict)
    requires_params: tuple[str, ...] = ()
    off_by_default: bool = False
    yields_to: tuple[str, ...] = ()
    refuses: bool = False
    fixable: str = ""
    sources: tuple[Source, ...] = ()
    regulations: tuple[Regulation, ...] = ()
    examples: tuple[Example, ...] = ()
    page: str = ""
    applies_to: tuple[str, ...] = ()
