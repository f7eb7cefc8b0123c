"""a value that is set in several places is the same everywhere"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, product
from typing import Annotated

from msgspec import Meta

from dativo_lint.checks.messages import overridden, shown_statement, statement_mentions
from dativo_lint.checks.params import Groups, RuleParams, SinkName, about, meanings, provider_of
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.edits.fix import Edit, Fix, FixLayer, NotExact, fix
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import job_field
from dativo_lint.jobs.selectors import Selector, Statement, folded_word, select, selector
from dativo_lint.jobs.tag_values import words
from dativo_lint.jobs.tags import folded_key

APPLIES_TO = ("job",)


_Statements = list[Statement]
"""The statements of one selector, or of several that count as one; never empty."""


class Check(RuleParams, frozen=True):
    fact: Annotated[str, about("What messages call the value.")]
    set_by: Annotated[
        tuple[str | tuple[str, ...], ...],
        Meta(
            min_length=2,
            description="Tags and fields that set it; the last that differs is reported.",
        ),
    ]
    synonyms: Annotated[Groups, about("Groups of values that mean the same.")] = ()
    parts_agree: Annotated[
        bool, about("Whether a value agrees with a longer one that contains it.")
    ] = False
    lower_case: Annotated[
        tuple[SinkName, ...] | None,
        about("Clouds where case and punctuation are ignored; without this, all."),
    ] = None

    @cached_property
    def _places(self) -> list[tuple[Selector, ...]]:
        """The selector of each place, or the selectors of several that count as one."""
        each = ((names,) if isinstance(names, str) else names for names in self.set_by)
        return [tuple(map(selector, names)) for names in each]

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return meanings(self.synonyms)

    def judge(self, job: Job) -> Results:
        """Compare the values of one fact, in the order of the places."""
        is_strict = self.lower_case is not None and provider_of(job) not in ("", *self.lower_case)
        fold = str.strip if is_strict else folded_word
        groups = _groups(job, self._places)
        texts = {word.text for group in groups for word in group}
        if len(texts) < 2 or len(set(map(fold, texts))) < 2:
            return
        known = []
        for group in groups:
            unsure = next((word for word in group if word.is_open), None)
            if unsure is None:
                known.append(group)
            else:
                question = f"{shown_statement(unsure)}: it may be a different {self.fact}"
                yield Unresolved(unsure.at, question)
        if not known or _is_of_schedule(known[0][0], job):
            # Each schedule makes an asset of its own: two schedules are no conflict.
            return
        distinct = [known[0]]
        strays = []
        for group in known[1:]:
            if not self._agree(known[0], group, fold):
                strays.append(group)
                if not any(self._agree(group, other, fold) for other in distinct):
                    distinct.append(group)
        if strays:
            is_lower = provider_of(job) in (self.lower_case or ())
            fixes = tuple(_agreements(job, known[0], strays, is_lower=is_lower))
            yield _conflict(self.fact, known, strays[-1], len(distinct), fixes)

    def _agree(self, group: _Statements, other: _Statements, fold: Callable[[str], str]) -> bool:
        """Whether two groups agree: one value in common is enough."""
        left, right = (
            {self._meanings.get(folded_word(word)) or fold(word) for word in _words(each)}
            for each in (group, other)
        )
        pairs = islice(product(left, right), _MOST_PAIRS if self.parts_agree else 0)
        return bool(left & right) or any(_is_part(a, b) or _is_part(b, a) for a, b in pairs)


_PAIR = 2
_MOST_PAIRS = 10_000
_MOST_PARTS = 3


def _is_of_schedule(word: Statement, job: Job) -> bool:
    return not word.trail and word.at.document is not job.config


def _groups(job: Job, places: Iterable[Sequence[Selector]]) -> list[_Statements]:
    """The groups of statements, in order."""
    groups: list[_Statements] = []
    for selectors in places:
        statements = select(job, selectors)
        if len(selectors) == 1:
            # Two tags that spell one key differently may conflict with each other.
            groups += ([word] for word in statements)
        elif statements:
            groups.append(statements)
    return groups


def _is_part(part: str, whole: str) -> bool:
    """Whether a value is a part of another, or the local part of an address."""
    return f"-{part}-" in f"-{whole}-" or whole.startswith(f"{part}@")


def _words(group: _Statements) -> set[str]:
    values: set[str] = set()
    for word in group:
        values.update(word.parts)
        if word.trail and isinstance(word.trail[-1].written, list):
            # Of a list of classifications only the first becomes the tag; the others count too.
            values.update(words(word.trail[-1].written))
    return values


def _conflict(
    fact: str,
    known: Sequence[_Statements],
    stray: _Statements,
    number: int,
    fixes: tuple[Fix, ...],
) -> Violation:
    first = [group[0] for group in known]
    listed = [shown_statement(word) for word in first]
    message = f"conflicting {fact}s ({number} different values): {', '.join(listed)}"
    if len(listed) == _PAIR:
        message = f"conflicting {fact}s: {' but '.join(listed)}"
    mentions = [
        mention for word in first if word is not stray[0] for mention in statement_mentions(word)
    ]
    mentions += overridden(stray[0])
    return Violation(stray[0].at, message, tuple(mentions), fixes)


def _agreements(
    job: Job, lead: Sequence[Statement], strays: Sequence[Sequence[Statement]], *, is_lower: bool
) -> Iterator[Fix]:
    """Fixes of strays that contradict the lead, if each is one scalar, and all are in one file.

    Where labels are lowercase, `is_lower`, values are written so, and not copied from there.
    """
    from dativo_lint.edits.removal import remove  # only a violation needs it

    first, *others = (word for group in (lead, *strays) for word in group)
    home, layer = _layer(job, first), _layer(job, others[0])
    if (
        len(others) != len(strays)
        or not all(_is_scalar(word) and _layer(job, word) == layer for word in others)
        or not (home and layer)
    ):
        return
    names = " and ".join(word.at.name for word in others)
    of_lead: FixLayer = home if home != layer else ""
    of_strays: FixLayer = layer if home != layer else ""
    removals = (remove(word.at.document, word.at.route) for word in others)
    removal = fix(f"Remove {names}", *removals, is_safe=False, layer=of_strays)
    if any(_is_same_tag(first, word) for word in others):
        yield removal
        return
    if not _is_scalar(first):
        for part in first.parts[:_MOST_PARTS] if isinstance(first.at.value, list) else ():
            value = part.lower() if is_lower else part
            changes = (_set(word, value) for word in others)
            title = f"Set {names} to {quoted(value)}, of {first.at.name}"
            yield fix(title, *changes, is_safe=False, layer=of_strays)
        yield removal
        return
    value = first.text.lower() if is_lower else first.text
    override = (
        job_field(".".join(map(str, others[0].at.route[-2:])))
        if layer == "asset" and home == "job"
        else None
    )
    if override is not None:
        from dativo_lint.edits.fields import add  # only a violation needs it

        at = job.field(*override)
        title = f"Set {at.name} to {quoted(value)}, as {first.at.name}"
        yield fix(title, add(at.document, at.route, value), is_safe=False, layer=of_lead)
    changes = (_set(word, value) for word in others)
    title = f"Set {names} to {quoted(value)}, as {first.at.name}"
    yield fix(title, *changes, is_safe=False, layer=of_strays)
    value = others[0].text
    if not is_lower and all(word.text == value for word in others) and override is None:
        title = f"Set {first.at.name} to {quoted(value)}, as {others[0].at.name}"
        yield fix(title, _set(first, value), is_safe=False, layer=of_lead)
    yield removal


def _layer(job: Job, word: Statement) -> FixLayer:
    document = word.at.document
    if document is job.config:
        return "job"
    return "asset" if job.asset is not None and document is job.asset.document else ""


def _is_scalar(word: Statement) -> bool:
    return type(word.at.value) in (str, int)


def _is_same_tag(word: Statement, other: Statement) -> bool:
    """Whether two fields are one tag in two spellings."""
    (*block, key), (*other_block, other_key) = word.at.route, other.at.route
    return block == other_block and folded_key(str(key)) == folded_key(str(other_key))


def _set(word: Statement, value: str) -> Edit | NotExact:
    """Another value for a field, which stays a number if it can."""
    from dativo_lint.edits.fields import set_value  # only a violation needs it

    is_number = type(word.at.value) is int and value.isascii() and value.isdecimal()
    return set_value(word.at.document, word.at.route, int(value) if is_number else value)
