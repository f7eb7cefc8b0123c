"""nothing that the job refers to bears the signs of another cloud provider than its own"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from dativo_lint.checks.breach import Breach, Judge, Mention, Open
from dativo_lint.checks.named import NAMES, UNDER, blocks_of, names_of
from dativo_lint.checks.wording import shown
from dativo_lint.patterns import Pattern, compile_pattern
from dativo_lint.subject.leaves import Leaf
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
                    "starts": {"type": "string", "description": "How the value begins."},
                    "ends": {"type": "string", "description": "How the value ends."},
                    "pattern": {
                        "type": "string",
                        "description": "A regular expression that spells the whole value.",
                    },
                },
            },
        },
    },
}
"""Of a sign that has several parts, names, beginning, end and pattern, all have to fit."""

_PROVIDER = ("infrastructure", "provider")


class _Sign(Struct, frozen=True, eq=False):
    provider: str
    means: str
    is_named: Callable[[str], bool] | None
    starts: str
    ends: str
    pattern: Pattern | None

    def marks(self, name: str, text: str) -> bool:
        """Whether a reference bears the sign."""
        if self.is_named is not None and not self.is_named(name):
            return False
        if not text.startswith(self.starts) or not text.endswith(self.ends):
            return False
        return self.pattern is None or self.pattern.fits(text)


def prepare(params: Mapping[str, Any]) -> Judge:
    """Look for signs of other providers; raises ValueError for a pattern that is none."""
    under = blocks_of(params["under"])
    signs = tuple(
        _Sign(
            sign["provider"],
            sign["means"],
            names_of(sign["names"]) if "names" in sign else None,
            sign.get("starts", ""),
            sign.get("ends", ""),
            compile_pattern(sign["pattern"]) if "pattern" in sign else None,
        )
        for sign in params["signs"]
    )
    providers = frozenset(sign.provider for sign in signs)

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        written = subject.value(*_PROVIDER)
        provider = written.lower() if isinstance(written, str) else ""
        if provider not in providers and not is_open(written):
            return
        for leaf in subject.leaves(*under):
            foreign = _foreign(provider, leaf.name, leaf.text, signs)
            if foreign is not None:
                yield _answer(subject, leaf, foreign)

    return judge


def _foreign(provider: str, name: str, text: str | None, signs: tuple[_Sign, ...]) -> _Sign | None:
    """The first sign of another provider, unless there is one of the job's own."""
    found = None
    for sign in signs:
        # Most references bear no foreign sign, and then nobody need look for one of their own.
        if text is not None and sign.provider != provider and sign.marks(name, text):
            found = sign
            break
    if found is None or text is None:
        return None
    own = any(sign.provider == provider and sign.marks(name, text) for sign in signs)
    return None if own else found


def _answer(subject: Subject, leaf: Leaf, sign: _Sign) -> Breach | Open:
    said = subject.said(*_PROVIDER)
    message = f"{shown(leaf.label)} is {shown(leaf.text)}, {sign.means}"
    if is_open(said.value):
        return Open(said, f"{message}; provider is {shown(said.value)}")
    if is_open(leaf.text):
        return Open(leaf.said, message)
    mention = Mention(said, f"provider is {shown(said.value)}")
    return Breach(leaf.said, f"{message}, with provider {shown(said.value)}", (mention,))
