"""a value extracted from several references of the job is the same in all of them"""

from itertools import islice
from typing import Annotated, NamedTuple

from msgspec import Meta, field

from dativo_lint.checks.params import Names, RuleParams, Under, about, is_named, non_empty, route
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.field_ref import Scalar, is_open
from dativo_lint.jobs.job import Job
from dativo_lint.patterns import Pattern

APPLIES_TO = ("job",)


class Source(RuleParams, frozen=True):
    """Where a fact is found: the whole value of some names, or a part of a value."""

    names: Annotated[Names, about("Fields whose whole value is used.")] = ()
    starts: Annotated[str, about("Prefix of the value.")] = ""
    holds: Annotated[str, about("What the value contains.")] = ""
    split: Annotated[str | None, about("Separator of the parts.")] = None
    part: Annotated[int, Meta(ge=0, description="Which part, from 0.")] = 0

    def word(self, name: str, text: str) -> str | None:
        """The value in a reference, possibly unresolved; None where it is not of this kind."""
        if self.split is None:
            return text if is_named(self.names, name) else None
        if not text.startswith(self.starts) or self.holds not in text:
            return None
        if is_open(text):
            return text
        parts = text.split(self.split, self.part + 1)
        return parts[self.part] if len(parts) > self.part else None


_PAIR = 2
_MOST_MENTIONS = 20


class _Stated(NamedTuple):
    """What a scalar states: the `word` that its `part` means, by a source."""

    scalar: Scalar
    source: Source
    part: str
    word: str

    @property
    def sentence(self) -> str:
        return f"{shown(self.scalar.label)} ({quoted(self.word)})"


class Check(RuleParams, frozen=True):
    facts: Annotated[str, about("What messages call the values, in the plural.")]
    under: Under
    set_by: Annotated[tuple[Source, ...], non_empty("Where the value is extracted from.")]
    words: Annotated[
        tuple[Pattern, ...],
        non_empty("Patterns of the values; only values of one pattern are compared."),
    ]
    read_as: Annotated[
        dict[str, str], about("Prefixes, each with the value that it stands for.")
    ] = field(default_factory=dict)
    copies: Annotated[
        bool, about("Whether a fix writes the value of a field of its own into references.")
    ] = False

    def judge(self, job: Job) -> Results:
        """Compare what is stated."""
        statements: dict[Pattern, list[_Stated]] = {}
        unresolved = None
        for scalar in job.scalars(*map(route, self.under)):
            for source in self.set_by if scalar.text is not None else ():
                part = source.word(scalar.name, scalar.text or "")
                if part is None:
                    continue
                if is_open(part):
                    unresolved = unresolved or scalar
                    continue
                starts = (start for start in self.read_as if part.startswith(start))
                word = self.read_as.get(next(starts, ""), part)
                kind = next((pattern for pattern in self.words if pattern.fits(word)), None)
                if kind is not None:
                    statements.setdefault(kind, []).append(_Stated(scalar, source, part, word))
        for stated in statements.values():
            if any(each.word != stated[0].word for each in stated):
                yield _disagreement(self.facts, stated, _fixes(stated) if self.copies else ())
        if unresolved is not None and statements:
            message = f"{shown(unresolved.label)} is {quoted(unresolved.text)}"
            yield Unresolved(unresolved.field, message)


def _disagreement(facts: str, stated: list[_Stated], fixes: tuple[Fix, ...]) -> Violation:
    """The first that contradicts the first of all is at fault; the others are mentioned."""
    words = {each.word for each in stated}
    wrong = next(each for each in stated if each.word != stated[0].word)
    number = "" if len(words) == _PAIR else f" ({len(words)})"
    message = f"references use different {facts}{number}: {stated[0].sentence}, {wrong.sentence}"
    others = {(id(each.scalar), each.word): each for each in stated if each is not wrong}
    first = islice(others.values(), _MOST_MENTIONS)
    mentions = tuple(Related(each.scalar.field, f"uses {quoted(each.word)}") for each in first)
    return Violation(wrong.scalar.field, message, mentions, fixes)


def _fixes(stated: list[_Stated]) -> tuple[Fix, ...]:
    """The fix that writes the one value that the job has in a field of its own into references."""
    from dativo_lint.edits.fields import set_value  # only a violation needs it

    leads = [each for each in stated if each.source.split is None]
    if len({each.word for each in leads}) != 1:
        return ()
    lead = leads[0]
    texts: dict[int, tuple[Scalar, str]] = {}
    for each in stated:
        if each.word != lead.word and (split := each.source.split) is not None:
            _, text = texts.get(id(each.scalar), (each.scalar, each.scalar.text or ""))
            parts = text.split(split)
            # A region stands for its partition, and is replaced by a region.
            parts[each.source.part] = lead.word if each.part == each.word else lead.part
            texts[id(each.scalar)] = each.scalar, split.join(parts)
    edits = (
        set_value(each.field.document, each.field.route, text) for each, text in texts.values()
    )
    title = f"Change references to {quoted(lead.word)}, as {lead.scalar.field.name}"
    return (fix(title, *edits, is_safe=False),)
