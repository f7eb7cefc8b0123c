"""nothing in the job is specific to another cloud than its provider"""

from typing import Annotated

from dativo_lint.checks.params import Names, RuleParams, Under, about, is_named, non_empty, route
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.field_ref import Scalar, is_open
from dativo_lint.jobs.job import Job
from dativo_lint.patterns import Pattern

APPLIES_TO = ("job",)


class Sign(RuleParams, frozen=True):
    """A sign of a provider; of several parts, all have to fit."""

    provider: Annotated[str, about("The provider whose references match.")]
    means: Annotated[str, about("What messages call such a reference.")]
    names: Names = ()
    starts: Annotated[str, about("Prefix of the value.")] = ""
    ends: Annotated[str, about("Suffix of the value.")] = ""
    pattern: Annotated[Pattern | None, about("A pattern that matches the whole value.")] = None

    def marks(self, name: str, text: str) -> bool:
        """Whether a reference has the sign."""
        return (
            (not self.names or is_named(self.names, name))
            and text.startswith(self.starts)
            and text.endswith(self.ends)
            and (self.pattern is None or self.pattern.fits(text))
        )


class Check(RuleParams, frozen=True):
    under: Under
    signs: Annotated[tuple[Sign, ...], non_empty("What identifies a reference to a provider.")]

    def judge(self, job: Job) -> Results:
        """Look for signs of other providers."""
        written = job.value(*_PROVIDER)
        provider = written.lower() if isinstance(written, str) else ""
        if not is_open(written) and all(sign.provider != provider for sign in self.signs):
            return
        for scalar in job.scalars(*map(route, self.under)):
            sign = self._foreign(provider, scalar.name, scalar.text)
            if sign is not None:
                yield _answer(job, scalar, sign)

    def _foreign(self, provider: str, name: str, text: str | None) -> Sign | None:
        """The first sign of another provider, unless there is one of the job's own."""
        if text is None:
            return None
        signs = [sign for sign in self.signs if sign.marks(name, text)]
        is_own = any(sign.provider == provider for sign in signs)
        return None if is_own or not signs else signs[0]


_PROVIDER = ("infrastructure", "provider")


def _answer(job: Job, scalar: Scalar, sign: Sign) -> Violation | Unresolved:
    at = job.field(*_PROVIDER)
    message = f"{shown(scalar.label)} {quoted(scalar.text)} is {sign.means}"
    if is_open(at.value):
        return Unresolved(at, f"{message}; provider is {quoted(at.value)}")
    if is_open(scalar.text):
        return Unresolved(scalar.field, message)
    provider = f"provider is {quoted(at.value)}"
    return Violation(scalar.field, f"{message}, but {provider}", (Related(at, provider),))
