"""every tag that reaches a sink can be written there"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

from msgspec.structs import replace

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, SinkName, about, some
from dativo_lint.checks.wording import at_run_time, shown, weaker
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.patterns import Pattern, fitting, remembered

APPLIES_TO = ("job", "rendered")


class Grammar(RuleParams, frozen=True):
    """What a sink takes as a key, or as a value."""

    takes: Annotated[str, about("What is allowed, in words.")]
    characters: Annotated[Pattern | None, about("A pattern for every single character.")] = None
    longest: Annotated[int | None, about("The most characters.")] = None
    longest_bytes: Annotated[int | None, about("The most bytes in UTF-8.")] = None
    pattern: Annotated[Pattern | None, about("A pattern for the whole text.")] = None
    never: Annotated[Pattern | None, about("A pattern for what is reserved.")] = None

    def allowed(self) -> Callable[[str], bool]:
        """What tells whether the sink takes a text."""
        wanted = [f"(?:{self.characters.text})*"] if self.characters else []
        wanted += [self.pattern.text] if self.pattern else []
        never = [self.never.text] if self.never else []
        fits = fitting(*wanted, *never, count=len(wanted))

        def is_allowed(text: str) -> bool:
            return (
                (self.longest is None or len(text) <= self.longest)
                and (self.longest_bytes is None or _bytes(text) <= self.longest_bytes)
                and fits(text)
            )

        return remembered(is_allowed)

    def complaint(self, text: str) -> str:
        """What is wrong with a text that the sink does not take, where it can be put in words."""
        if self.longest is not None and len(text) > self.longest:
            return f", which has {len(text)} characters"
        allowed = self.characters
        strange = [char for char in dict.fromkeys(text) if allowed and not allowed.fits(char)]
        if strange:
            return f", with {', '.join(map(_visible, strange[:_MOST_TOLD]))}"
        if self.longest_bytes is not None and _bytes(text) > self.longest_bytes:
            return f", which has {_bytes(text)} bytes"
        return ", which is reserved" if self.never is not None and self.never.fits(text) else ""


class Params(RuleParams, frozen=True):
    sink: Annotated[SinkName, about("The sink that the tags reach.")]
    vendor: Annotated[str, about("What messages call the sink.")]
    key: Annotated[Grammar, about("What a key may be.")]
    value: Annotated[Grammar, about("What a value may be.")]
    resources: Annotated[
        tuple[Pattern, ...], some("Patterns of the only resource types that are judged.")
    ] = ()


_UNSEEN = {" ": "a space", "\t": "a tab", "\n": "a line break", "\r": "a line break"}
_MOST_TOLD = 3


def prepare(params: Params) -> Judge:
    """Hold what the sink receives against its grammar."""
    sink, vendor, keys, values = params.sink, params.vendor, params.key, params.value
    is_key, is_value = keys.allowed(), values.allowed()
    # What is reserved may have been added by the vendor, to what is not about to be written.
    is_added_key, is_added_value = (replace(it, never=None).allowed() for it in (keys, values))
    resources = params.resources

    def judge(subject: Job | RenderedSet) -> Iterable[Violation | Unresolved]:
        if isinstance(subject, RenderedSet):
            return judge_rendered(subject)
        return judge_job(subject)

    def judge_rendered(rendered: RenderedSet) -> Answers:
        if resources and not any(it.fits(rendered.resource) for it in resources):
            return
        may_be_added = not rendered.is_planned
        for tag in rendered.sink(sink):
            if not is_key(tag.key) and not (may_be_added and is_added_key(tag.key)):
                yield _wrong_key(tag, keys, vendor, rendered.name)
            yield from judge_value(rendered, tag, is_added_value if may_be_added else is_value)

    def judge_job(subject: Job) -> Answers:
        of_types = (
            entry
            for resource in (subject.resource_tags(sink) if resources else ())
            if any(type_.fits(resource.type) for type_ in resources)
            if resource.given.planned.certain
            for entry in resource.entries
        )
        for tag in of_types if resources else subject.sink(sink):
            if not is_key(tag.key):
                yield _wrong_key(tag, keys, vendor, "" if tag.tag is None else tag.tag.label)
            text = tag.text
            if not isinstance(text, str) or "${" in text or not is_value(text):
                yield from judge_value(subject, tag, is_value)

    def judge_value(
        subject: Job | RenderedSet, tag: SinkTag, is_allowed: Callable[[str], bool]
    ) -> Answers:
        text = tag.text
        if not isinstance(text, str):
            yield from _no_text(subject, tag, vendor)
        elif is_open(text):
            yield at_run_time(tag.at, _name(tag), text)
        elif not is_allowed(text):
            trail = () if tag.tag is None else weaker(tag.tag.trail)
            start = f"{_name(tag)} is {shown(text)}"
            if tag.made_at is not None:
                start = f"the module makes {shown(text)} of {_name(tag)}"
                trail = (*trail, Mention(tag.made_at, "the module sets the tag here"))
            message = f"{start}{values.complaint(text)}; {vendor} takes {values.takes}"
            yield Violation(tag.at, message, trail)

    return judge


def _wrong_key(tag: SinkTag, keys: Grammar, vendor: str, owner: str) -> Violation | Unresolved:
    if is_open(tag.key):
        return Unresolved(tag.at.key, f"the key {shown(tag.key)} is known only at run time")
    begin = f"{owner} has the key" if owner else "the key is"
    message = f"{begin} {shown(tag.key)}{keys.complaint(tag.key)}; {vendor} takes {keys.takes}"
    trail = () if tag.tag is None else weaker(tag.tag.trail)
    return Violation(tag.at.key, message, trail)


def _no_text(subject: Job | RenderedSet, tag: SinkTag, vendor: str) -> Iterator[Violation]:
    """A value that is no text; those of the job and the asset are told by other rules."""
    if isinstance(subject, RenderedSet) or (tag.tag is None and tag.at.document is not subject.job):
        yield Violation(tag.at, f"{_name(tag)} is {shown(tag.text)}; {vendor} takes text only")


def _name(tag: SinkTag) -> str:
    return tag.at.name if tag.tag is None else tag.tag.name


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _visible(char: str) -> str:
    known = _UNSEEN.get(char)
    return known or (f'"{char}"' if char.isprintable() else f"U+{ord(char):04X}")
