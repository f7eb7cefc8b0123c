"""where a tag or field is set, its value is one that the policy allows"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dativo_lint.checks.breach import Breach, Open
from dativo_lint.checks.pattern import compile_pattern
from dativo_lint.checks.trails import told, weaker
from dativo_lint.checks.wording import nearest, shown
from dativo_lint.subject.rendered import RenderedSet
from dativo_lint.subject.voices import Word, voice

if TYPE_CHECKING:
    from dativo_lint.subject.carrier import Carrier

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["of"],
    "properties": {
        "of": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "description": (
                "Tags (in any spelling of their keys; `*` at the end stands for all that begin "
                "so) and fields of the job. A list is judged word by word."
            ),
        },
        "pattern": {
            "type": "string",
            "description": "A regular expression that every value has to fit as a whole.",
        },
        "one_of": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "description": "The values that are allowed, spelled as they have to be.",
        },
        "never": {
            "type": "string",
            "description": "A regular expression that no value may fit.",
        },
        "expects": {
            "type": "string",
            "description": "What a message says is expected; the pattern, unless this is given.",
        },
        "lower_case": {
            "type": "array",
            "items": {"type": "string"},
            "description": (
                "Providers whose tags have no capitals: there, case does not count in tags of the "
                "infrastructure."
            ),
        },
    },
}

_MOST_TOLD = 12


def prepare(params: Mapping[str, Any]) -> Callable[[Carrier], Iterator[Breach | Open]]:
    """Make ready the tests; raises ValueError for a pattern that cannot be understood."""
    voices = tuple(map(voice, params["of"]))
    allows, allows_in_any_case = _test(params), _test(params, blind=True)
    lower_case = frozenset(params.get("lower_case", ()))
    expected = _expected(params)

    def judge(subject: Carrier) -> Iterator[Breach | Open]:
        for one in voices:
            for word in one.words(subject):
                if word.is_open:
                    message = f"{word.name} is {shown(word.text)}, known only at run time"
                    yield Open(word.at, message)
                else:
                    has_no_capitals = _is_of(word, subject, lower_case)
                    test = allows_in_any_case if has_no_capitals else allows
                    wrong = (part for part in word.parts if not test(part))
                    yield from (_breach(word, part, expected(part)) for part in wrong)

    return judge


def _is_of(word: Word, subject: Carrier, providers: frozenset[str]) -> bool:
    """Whether a word becomes a tag at one of some providers."""
    if isinstance(subject, RenderedSet):
        return subject.sink_name in providers
    provider = subject.value("infrastructure", "provider")
    is_cloud_tag = word.at.route[:2] == ("infrastructure", "tags")
    return is_cloud_tag and isinstance(provider, str) and provider.lower() in providers


def _test(params: Mapping[str, Any], *, blind: bool = False) -> Callable[[str], bool]:
    """Whether a value passes every test that the parameters name; `blind` is blind to case."""
    tests: list[Callable[[str], bool]] = []
    if "pattern" in params:
        pattern = params["pattern"]
        folds = blind and not pattern.startswith("(?i)")
        tests.append(compile_pattern(f"(?i){pattern}" if folds else pattern).fits)
    if "one_of" in params and blind:
        folded = {value.casefold() for value in params["one_of"]}
        tests.append(lambda value: value.casefold() in folded)
    elif "one_of" in params:
        tests.append(frozenset(params["one_of"]).__contains__)
    if "never" in params:
        forbidden = compile_pattern(params["never"])
        tests.append(lambda value: not forbidden.fits(value))
    if not tests:
        raise ValueError("expected one of pattern, one_of and never")
    return tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests)


def _expected(params: Mapping[str, Any]) -> Callable[[str], str]:
    """What a message says of a value that is not allowed."""
    choices = tuple(params.get("one_of", ()))
    if not choices or "expects" in params:
        spelled = params.get("pattern", params.get("never", ""))
        negation = "" if "pattern" in params else "anything but "
        said = params.get("expects", f"{negation}{spelled}")
        return lambda value: f"; expected {said}"
    listed = ", ".join(choices[:_MOST_TOLD]) + (", ..." if len(choices) > _MOST_TOLD else "")
    return lambda value: f"; allowed: {listed}{nearest(value, choices)}"


def _breach(word: Word, part: str, expected: str) -> Breach:
    """The breach, placed where the part of a list was said."""
    if part == word.text:
        return Breach(word.at, f"{word.name} is {shown(part)}{expected}", weaker(word.trail))
    message = f"{word.name} holds {shown(part)}{expected}"
    for said in reversed(word.trail):
        if isinstance(said.written, list):
            for number, item in enumerate(said.written):
                if str(item).strip() == part:
                    others = [it for it in word.trail if it is not said]
                    return Breach(said.at.below(number), message, told(others))
    return Breach(word.at, message, weaker(word.trail))
