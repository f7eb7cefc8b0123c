"""nothing that the job refers to bears the signs of another cloud provider than its own"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dativo_lint.checks.breach import Breach, Mention, Open
from dativo_lint.checks.leaves import NAMES, UNDER, Leaf, leaves, names_of
from dativo_lint.checks.pattern import Pattern, compile_pattern
from dativo_lint.checks.wording import shown
from dativo_lint.subject.said import is_open
from dativo_lint.subject.subject import Subject

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["under", "signs"],
    "properties": {
        "under": UNDER,
        "signs": {
            "type": "array",
            "minItems": 1,
            "description": "What tells that something is of a provider.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["provider", "means"],
                "properties": {
                    "provider": {"type": "string", "description": "Whose sign it is."},
                    "means": {"type": "string", "description": "What bears it, in words."},
                    "names": NAMES,
                    "pattern": {
                        "type": "string",
                        "description": "A regular expression that spells the whole value; beside "
                        "names, both have to fit.",
                    },
                },
            },
        },
    },
}

_PROVIDER = ("infrastructure", "provider")


@dataclass(frozen=True, slots=True, eq=False)
class _Sign:
    provider: str
    means: str
    is_named: Callable[[str], bool] | None
    pattern: Pattern | None

    def marks(self, leaf: Leaf) -> bool:
        """Whether a reference bears the sign."""
        if leaf.text is None or (self.is_named is not None and not self.is_named(leaf.name)):
            return False
        return self.pattern is None or self.pattern.fits(leaf.text)


def prepare(params: Mapping[str, Any]) -> Callable[[Subject], Iterator[Breach | Open]]:
    """Look for signs of other providers; raises ValueError for a pattern that is none."""
    under = tuple(tuple(field.split(".")) for field in params["under"])
    signs = tuple(
        _Sign(
            sign["provider"],
            sign["means"],
            names_of(sign["names"]) if "names" in sign else None,
            compile_pattern(sign["pattern"]) if "pattern" in sign else None,
        )
        for sign in params["signs"]
    )
    providers = frozenset(sign.provider for sign in signs)

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        written = subject.value(*_PROVIDER)
        provider = written.lower() if isinstance(written, str) else ""
        if provider not in providers and not is_open(provider):
            return
        for leaf in leaves(subject, under):
            foreign = _foreign(leaf, provider, signs)
            if foreign is not None:
                yield _answer(subject, leaf, foreign, provider)

    return judge


def _foreign(leaf: Leaf, provider: str, signs: tuple[_Sign, ...]) -> _Sign | None:
    """The first sign of another provider, unless there is one of the job's own."""
    found = None
    for sign in signs:
        if sign.provider == provider:
            if sign.marks(leaf):
                return None
        elif found is None and sign.marks(leaf):
            found = sign
    return found


def _answer(subject: Subject, leaf: Leaf, sign: _Sign, provider: str) -> Breach | Open:
    said = subject.said(*_PROVIDER)
    message = f"{leaf.label} is {shown(leaf.value)}, {sign.means}"
    if is_open(provider):
        return Open(said, f"{message}; provider is {shown(said.value)}")
    if is_open(leaf.value):
        return Open(leaf.said, message)
    mention = Mention(said, f"provider is {shown(said.value)}")
    return Breach(leaf.said, f"{message}, with provider {shown(said.value)}", (mention,))
