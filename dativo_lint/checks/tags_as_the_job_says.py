"""what the module writes into a tag by itself is what the job says of it"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dativo_lint.checks.breach import Breach, Mention, Open
from dativo_lint.checks.trails import weaker
from dativo_lint.checks.wording import shown
from dativo_lint.records import dataclass
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.tags import folded_key
from dativo_lint.subject.voices import Word, folded_word, hear, voice

if TYPE_CHECKING:
    from dativo_lint.subject.tagging import GivenTags
    from dativo_lint.terraform.source import Written
    from dativo_lint.terraform.values import Value

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["told_by"],
    "properties": {
        "told_by": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string"},
            "description": (
                "Tags (`*` at the end stands for all that begin so) and fields of the job that a "
                "tag of the same key repeats, in whatever spelling; the first that there is tells."
            ),
        },
        "synonyms": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "string"}, "minItems": 2},
            "description": "Groups of words that mean the same.",
        },
    },
}

_MOST_NAMED = 3
"""Resources that a message names."""


@dataclass(frozen=True, slots=True, eq=False)
class _Other:
    """A tag that the module writes by itself, on one or more resources, against the job's word."""

    key: str
    text: str
    word: Word
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


_Found = dict[tuple[str, str, str, int], _Other]
"""By the key and the text of a tag, and by where the module says it."""


def prepare(params: Mapping[str, Any]) -> Callable[[Subject], Iterator[Breach | Open]]:
    """Look for tags that the module writes by itself, and that say something else."""
    voices = tuple(map(voice, params["told_by"]))
    same = {
        folded_word(word): folded_word(group[0])
        for group in params.get("synonyms", ())
        for word in group
    }

    def meaning(text: str) -> str:
        word = folded_word(text)
        return same.get(word, word)

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        if not subject.tagged_resources:
            return
        told: dict[str, list[Word]] = {}
        for word in hear(subject, voices):
            told.setdefault(folded_key(_key(word)), []).append(word)
        found: _Found = {}
        for given in subject.given_tags:
            for key, value in given.planned.entries.items():
                words = told.get(folded_key(key), [])
                text = _text(value)
                known = {meaning(word.text) for word in words if not word.is_open}
                if text is not None and words and meaning(text) not in known:
                    _enter(found, subject, given, key, text, words)
        for other in found.values():
            if other.word.is_open:
                yield Open(other.word.at, other.message)
            else:
                module_says = Mention(other.at, "the module says so here")
                yield Breach(other.word.at, other.message, (*weaker(other.word.trail), module_says))

    return judge


def _key(word: Word) -> str:
    """The key that a tag has on a resource."""
    if word.at.route[:2] == ("infrastructure", "tags"):
        return str(word.at.route[-1])
    return word.name.rpartition(".")[2]


def _text(value: Value) -> str | None:
    """The text of a tag; None where it is not known or has none."""
    if isinstance(value.data, str):
        return value.data
    is_scalar = value.is_known and not isinstance(value.data, (dict, tuple))
    return str(value) if is_scalar else None


def _enter(
    found: _Found,
    subject: Subject,
    given: GivenTags,
    key: str,
    text: str,
    words: Sequence[Word],
) -> None:
    """Enter a tag that the module writes by itself; what the job has a part in is its own word."""
    from dativo_lint.subject.tagging import module_words

    handover = subject.handover
    at = None if handover is None else next(module_words(given, key, handover), None)
    if at is None:
        return
    word = next((it for it in words if not it.is_open), words[0])
    address = given.traced.tagged.address
    where = (key, text, at.source.path, at.expression.start)
    entry = found.setdefault(where, _Other(key, text, word, at, []))
    entry.addresses.append(address)
