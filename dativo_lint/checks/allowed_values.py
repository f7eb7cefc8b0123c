"""where a tag or field is set, its value is one that the policy allows"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about, some
from dativo_lint.checks.wording import nearest, shown, told, weaker
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.selectors import Statement, selector
from dativo_lint.patterns import compile_pattern

if TYPE_CHECKING:
    from dativo_lint.jobs.tagged import Tagged

APPLIES_TO = ("job", "rendered")


class Params(RuleParams, frozen=True):
    of: Annotated[
        tuple[str, ...],
        some("Tags (any spelling; * at the end) and fields to check; list items one by one."),
    ]
    pattern: Annotated[str | None, about("A pattern that every value has to match.")] = None
    one_of: Annotated[tuple[str, ...], some("The allowed values.")] = ()
    never: Annotated[str | None, about("A pattern that no value may match.")] = None
    expects: Annotated[
        str | None, about("What messages say is expected; by default the pattern.")
    ] = None
    lower_case: Annotated[
        tuple[str, ...], about("Providers with lowercase tags: case does not count.")
    ] = ()


_MOST_TOLD = 12
_REMEMBERED = 512
_KEYS = 256


def prepare(params: Params) -> Judge:
    """Make ready the tests; raises ValueError for a pattern that cannot be understood."""
    voices = tuple(map(selector, params.of))
    allows, allows_in_any_case = _test(params), _test(params, blind=True)
    lower_case = frozenset(params.lower_case)
    expected = _expected(params)

    def judge(subject: Tagged) -> Answers:
        for one in voices:
            for word in one.statements(subject):
                if word.is_open:
                    message = f"{word.name} is {shown(word.text)}, known only at run time"
                    yield Unresolved(word.at, message)
                else:
                    has_no_capitals = _is_of(word, subject, lower_case)
                    test = allows_in_any_case if has_no_capitals else allows
                    wrong = (part for part in word.parts if not test(part))
                    yield from (_breach(word, part, expected(part)) for part in wrong)

    return judge


def _is_of(word: Statement, subject: Tagged, providers: frozenset[str]) -> bool:
    """Whether a word becomes a tag at one of some providers."""
    if isinstance(subject, RenderedSet):
        return subject.sink_name in providers
    provider = subject.value("infrastructure", "provider")
    is_cloud_tag = word.at.route[:2] == ("infrastructure", "tags")
    return is_cloud_tag and isinstance(provider, str) and provider.lower() in providers


def _test(params: Params, *, blind: bool = False) -> Callable[[str], bool]:
    """Whether a value passes every test that the parameters name; `blind` is blind to case."""
    tests: list[Callable[[str], bool]] = []
    if params.pattern is not None:
        pattern = params.pattern
        folds = blind and not pattern.startswith("(?i)")
        tests.append(compile_pattern(f"(?i){pattern}" if folds else pattern).fits)
    if params.one_of and blind:
        folded = {value.casefold() for value in params.one_of}
        tests.append(lambda value: value.casefold() in folded)
    elif params.one_of:
        tests.append(frozenset(params.one_of).__contains__)
    if params.never is not None:
        forbidden = compile_pattern(params.never)
        tests.append(lambda value: not forbidden.fits(value))
    if not tests:
        raise ValueError("expected one of pattern, one_of and never")
    return tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests)


def _expected(params: Params) -> Callable[[str], str]:
    """What a message says of a value that is not allowed."""
    choices = tuple(params.one_of)
    if not choices or params.expects is not None:
        spelled = params.pattern if params.pattern is not None else params.never
        negation = "" if params.pattern is not None else "anything but "
        said = params.expects if params.expects is not None else f"{negation}{spelled}"
        return lambda value: f"; expected {said}"
    listed = ", ".join(choices[:_MOST_TOLD]) + (", ..." if len(choices) > _MOST_TOLD else "")
    return lambda value: f"; allowed: {listed}{nearest(value, choices)}"


def _breach(word: Statement, part: str, expected: str) -> Violation:
    """The breach, placed where the part of a list was said."""
    if part == word.text:
        return Violation(word.at, f"{word.name} is {shown(part)}{expected}", weaker(word.trail))
    message = f"{word.name} holds {shown(part)}{expected}"
    for said in reversed(word.trail):
        if isinstance(said.written, list):
            for number, item in enumerate(said.written):
                if str(item).strip() == part:
                    others = [it for it in word.trail if it is not said]
                    return Violation(said.at.below(number), message, told(others))
    return Violation(word.at, message, weaker(word.trail))
