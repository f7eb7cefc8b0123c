"""what the module writes into a tag by itself is what the job says of it"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import Groups, RuleParams, SinkName, about, some
from dativo_lint.checks.wording import shown, weaker
from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.selectors import Selector, Statement, folded_word, selector
from dativo_lint.jobs.tags import folded_key

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import GivenTags
    from dativo_lint.terraform.source import Written

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    told_by: Annotated[
        tuple[str, ...],
        some("Namespaces (`finops.*`), tags and fields that tags of the same name repeat."),
    ]
    synonyms: Annotated[Groups, about("Groups of words that mean the same.")] = ()
    lower_case: Annotated[
        tuple[SinkName, ...], about("Clouds in which case and signs make no difference.")
    ] = ()


_MOST_NAMED = 3
"""Resources that a message names."""


class _Other(Struct, frozen=True, eq=False):
    """A tag that the module writes by itself, on one or more resources, against the job's word."""

    key: str
    text: str
    word: Statement
    at: Written
    addresses: list[str]

    @property
    def message(self) -> str:
        """Who says what."""
        named = ", ".join(map(shown, self.addresses[:_MOST_NAMED]))
        left = len(self.addresses) - _MOST_NAMED
        more = f" and {left} more" if left > 0 else ""
        said = f"{shown(self.word.name)} is {shown(self.word.text)}"
        return f"{said}, and the module gives {named}{more} {shown(self.key)} {shown(self.text)}"


_Tellers = tuple[list[str], Selector | None]
"""The keys of the tags that tell the same as a tag of the module, and what else does."""

_Found = dict[tuple[str, str, str, int], _Other]
"""By the key and the text of a tag, and by where the module says it."""


def prepare(params: Params) -> Judge:
    """Look for tags that the module writes by itself, and that say something else."""
    spaces = tuple(it[:-1] for it in params.told_by if it.endswith("*"))
    others = {_last(it): selector(it) for it in params.told_by if not it.endswith("*")}
    same = {folded_word(word): folded_word(group[0]) for group in params.synonyms for word in group}

    def meaning(text: str, sink: str) -> str:
        word = folded_word(text)
        return same.get(word) or (word if sink in params.lower_case else text)

    def agrees(words: Sequence[Statement], text: str, sink: str) -> bool:
        """Whether the job says a text of a tag, or says nothing of it."""
        return not words or any(meaning(it.text, sink) == meaning(text, sink) for it in words)

    def told_of(key: str, subject: Job) -> list[Statement]:
        """What the job says of a tag with that key."""
        tags = (tag for space in spaces for tag in subject.tags.alike(f"{space}{key}"))
        words = [Statement(tag.name, tag.text, tag.at, tag.trail) for tag in tags if tag.text]
        other = others.get(folded_key(key))
        return words if other is None else [*words, *other.statements(subject)]

    def judge(subject: Job) -> Answers:
        if not subject.given_tags:
            return
        found: _Found = {}
        told: dict[str, list[Statement]] = {}
        for given in subject.given_tags:
            for key, text in given.texts:
                if key not in told:
                    told[key] = told_of(key, subject)
                if text is not ABSENT and not agrees(told[key], text, given.traced.sink):
                    _enter(found, subject, given, key, text, told[key])
        for other in found.values():
            if other.word.is_open:
                yield Unresolved(other.word.at, other.message)
            else:
                module_says = Mention(other.at, "the module says so here")
                yield Violation(
                    other.word.at, other.message, (*weaker(other.word.trail), module_says)
                )

    return judge


def _last(spelled: str) -> str:
    """The last name of a field or tag, folded as keys are."""
    return folded_key(spelled.rpartition(".")[2])


def _enter(
    found: _Found,
    subject: Job,
    given: GivenTags,
    key: str,
    text: str,
    words: Sequence[Statement],
) -> None:
    """Enter a tag that the module writes by itself; what the job has a part in is its own word."""
    at = given.fixed(key)
    if at is None:
        return
    word = next((it for it in words if not it.is_open), words[0])
    address = given.traced.tagged.address
    where = (key, text, at.source.path, at.expression.start)
    entry = found.setdefault(where, _Other(key, text, word, at, []))
    entry.addresses.append(address)
