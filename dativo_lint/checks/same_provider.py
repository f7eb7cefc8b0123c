"""nothing that the job refers to bears the signs of another cloud provider than its own"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from msgspec import Struct

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import Names, RuleParams, Under, about, names_of, route, some
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.scalars import Scalar
from dativo_lint.patterns import Pattern, compile_pattern

APPLIES_TO = ("job",)


class Sign(RuleParams, frozen=True):
    """A sign of a provider; of several parts, all have to fit."""

    provider: Annotated[str, about("Whose sign it is.")]
    means: Annotated[str, about("What has it, in words.")]
    names: Names = ()
    starts: Annotated[str, about("How the value begins.")] = ""
    ends: Annotated[str, about("How the value ends.")] = ""
    pattern: Annotated[str | None, about("A pattern that matches the whole value.")] = None


class Params(RuleParams, frozen=True):
    under: Under
    signs: Annotated[tuple[Sign, ...], some("What shows that something is of a provider.")]


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


def prepare(params: Params) -> Judge:
    """Look for signs of other providers; raises ValueError for a pattern that is none."""
    under = tuple(map(route, params.under))
    signs = tuple(
        _Sign(
            sign.provider,
            sign.means,
            names_of(sign.names) if sign.names else None,
            sign.starts,
            sign.ends,
            None if sign.pattern is None else compile_pattern(sign.pattern),
        )
        for sign in params.signs
    )
    providers = frozenset(sign.provider for sign in signs)

    def judge(subject: Job) -> Answers:
        written = subject.value(*_PROVIDER)
        provider = written.lower() if isinstance(written, str) else ""
        if provider not in providers and not is_open(written):
            return
        for leaf in subject.scalars(*under):
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


def _answer(subject: Job, leaf: Scalar, sign: _Sign) -> Violation | Unresolved:
    said = subject.said(*_PROVIDER)
    message = f"{shown(leaf.label)} is {shown(leaf.text)}, {sign.means}"
    if is_open(said.value):
        return Unresolved(said, f"{message}; provider is {shown(said.value)}")
    if is_open(leaf.text):
        return Unresolved(leaf.said, message)
    mention = Mention(said, f"provider is {shown(said.value)}")
    return Violation(leaf.said, f"{message}, with provider {shown(said.value)}", (mention,))
