"""what the module writes into a tag by itself is what the job says of it"""

from __future__ import annotations

from typing import Annotated

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import Groups, RuleParams, SinkName, about, some
from dativo_lint.checks.wording import listed, shown, weaker
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.place import Place
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.selectors import Statement, folded_word, selector
from dativo_lint.jobs.tags import folded_key

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


def prepare(params: Params) -> Judge:
    """Look for tags that the module writes by itself, and that say something else."""
    spaces = tuple(each[:-1] for each in params.told_by if each.endswith("*"))
    singles = [each for each in params.told_by if not each.endswith("*")]
    others = {folded_key(each.rpartition(".")[2]): selector(each) for each in singles}
    same = {folded_word(word): folded_word(group[0]) for group in params.synonyms for word in group}

    def meaning(text: str, sink: str) -> str:
        word = folded_word(text)
        return same.get(word) or (word if sink in params.lower_case else text.strip())

    def agrees(statements: list[Statement], text: str, sink: str) -> bool:
        """Whether the job gives a tag a text, or says nothing of it."""
        meant = meaning(text, sink)
        return not statements or any(meaning(it.text, sink) == meant for it in statements)

    def stated(key: str, job: Job) -> list[Statement]:
        """What the job says of a tag with that key."""
        tags = (tag for space in spaces for tag in job.tags.alike(f"{space}{key}"))
        statements = [Statement(tag.name, tag.text, tag.at, tag.trail) for tag in tags if tag.text]
        other = others.get(folded_key(key))
        return statements if other is None else [*statements, *other.statements(job)]

    def judge(job: Job) -> Answers:
        by_key: dict[str, list[Statement]] = {}
        agreeing: dict[tuple[str, str, str], bool] = {}
        addresses: dict[tuple[str, str, Place], list[str]] = {}
        for given in job.given_tags:
            for key, text in given.texts:
                if text is ABSENT:
                    continue
                # Many resources have the same tags.
                told = key, text, given.traced.sink
                if told not in agreeing:
                    by_key[key] = by_key.get(key) or stated(key, job)
                    agreeing[told] = agrees(by_key[key], text, given.traced.sink)
                if agreeing[told]:
                    continue
                written = given.fixed(key)
                # What the job has a part in is its own.
                if written is not None:
                    where = key, text, written.place
                    addresses.setdefault(where, []).append(given.address)
        for (key, text, place), named in addresses.items():
            yield _answer(by_key[key], key, text, place, named)

    return judge


def _answer(
    statements: list[Statement], key: str, text: str, place: Place, addresses: list[str]
) -> Violation | Unresolved:
    own = next((each for each in statements if not each.is_open), statements[0])
    message = f"{shown(own.name)} is {shown(own.text)}, and the module gives {listed(addresses)}"
    message += f" {shown(key)} {shown(text)}"
    if own.is_open:
        return Unresolved(own.at, message)
    module_says = Mention(place, "set by the module here")
    return Violation(own.at, message, (*weaker(own.trail), module_says))
