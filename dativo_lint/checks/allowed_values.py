"""where a tag or field is set, its value is one that the policy allows"""

from collections.abc import Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from dativo_lint.checks.messages import at_run_time, overridden, trail_mentions
from dativo_lint.checks.params import RuleParams, about, non_empty, provider_of
from dativo_lint.checks.violation import Results, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.selectors import Selector, Statement, select, selector
from dativo_lint.names import nearest
from dativo_lint.patterns import Pattern, compile_pattern

if TYPE_CHECKING:
    from dativo_lint.jobs.sinks.sink import Tagged

APPLIES_TO = ("job", "rendered")


class Check(RuleParams, frozen=True):
    of: Annotated[
        tuple[str, ...],
        non_empty(
            "Tags (any spelling, trailing * allowed) and fields; list items are checked one by one."
        ),
    ]
    pattern: Annotated[Pattern | None, about("A pattern that every value must match.")] = None
    one_of: Annotated[tuple[str, ...], non_empty("The allowed values.")] = ()
    never: Annotated[Pattern | None, about("A pattern that no value may match.")] = None
    expects: Annotated[
        str | None, about("The expected value in messages; by default the pattern.")
    ] = None
    lower_case: Annotated[
        tuple[str, ...], about("Providers with lowercase tags, where case is ignored.")
    ] = ()

    @cached_property
    def _selectors(self) -> tuple[Selector, ...]:
        if self.pattern is None and self.never is None and not self.one_of:
            raise ValueError("expected one of: pattern, one_of, never")
        return tuple(map(selector, self.of))

    def judge(self, target: "Tagged") -> Results:
        """Judge the values that are set."""
        for statement in select(target, self._selectors):
            if statement.is_open:
                yield at_run_time(statement.at, statement.name, statement.text)
                continue
            any_case = bool(self.lower_case) and _is_of(statement, target, self.lower_case)
            for part in statement.parts:
                allows = self._allows_any_case if any_case else self._allows
                if not allows(part):
                    yield _violation(statement, part, self._expected(part))

    @cached_property
    def _allows(self) -> Callable[[str], bool]:
        """What tells whether a value is allowed."""
        return self._allowing(self.pattern, str)

    @cached_property
    def _allows_any_case(self) -> Callable[[str], bool]:
        """The same where case is ignored."""
        pattern = self.pattern and compile_pattern(f"(?i){self.pattern.text}")
        return self._allowing(pattern, str.casefold)

    def _allowing(
        self, pattern: Pattern | None, fold: Callable[[str], str]
    ) -> Callable[[str], bool]:
        values = frozenset(map(fold, self.one_of))

        def is_allowed(value: str) -> bool:
            return (
                (pattern is None or pattern.fits(value))
                and (not values or fold(value) in values)
                and (self.never is None or not self.never.fits(value))
            )

        return is_allowed

    def _expected(self, value: str) -> str:
        """What a message says was expected instead of a value."""
        if self.expects is not None:
            return f"expected {self.expects}"
        if self.one_of:
            more = ", ..." if len(self.one_of) > _MOST_LISTED else ""
            listed = ", ".join(self.one_of[:_MOST_LISTED])
            number = "one of: " if len(self.one_of) > 1 else ""
            return f"expected {number}{listed}{more}{nearest(value, self.one_of)}"
        if self.pattern is not None:
            return f"expected a value that matches {self.pattern.text}"
        return f"expected a value that does not match {self.never.text if self.never else ''}"


_MOST_LISTED = 12


def _is_of(statement: Statement, target: "Tagged", providers: Collection[str]) -> bool:
    """Whether a statement becomes a tag at one of some providers."""
    if isinstance(target, RenderedSet):
        return target.sink_name in providers
    is_cloud_tag = statement.at.route[:2] == ("infrastructure", "tags")
    return is_cloud_tag and provider_of(target) in providers


def _violation(statement: Statement, part: str, expected: str) -> Violation:
    """The violation, placed at the item of a list that is at fault."""
    if part == statement.text:
        return Violation(
            statement.at,
            f"{statement.name} is {quoted(part)}; {expected}",
            overridden(statement),
        )
    message = f"{statement.name} contains {quoted(part)}; {expected}"
    for assignment in reversed(statement.trail):
        if isinstance(assignment.written, list):
            for number, item in enumerate(assignment.written):
                if str(item).strip() == part:
                    others = [other for other in statement.trail if other is not assignment]
                    return Violation(assignment.at.child(number), message, trail_mentions(others))
    return Violation(statement.at, message, overridden(statement))
