"""every tag that reaches a sink can be written there"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Annotated

from msgspec.structs import replace

from dativo_lint.checks.messages import at_run_time, listed, overridden
from dativo_lint.checks.params import RuleParams, SinkName, about, non_empty
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.sinks import CLOUDS
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.patterns import Pattern, fitting, remembered

APPLIES_TO = ("job", "rendered")


class Grammar(RuleParams, frozen=True):
    """What a sink accepts as a key, or as a value."""

    expected: Annotated[str, about("What is allowed, in words.")]
    characters: Annotated[Pattern | None, about("A pattern for every single character.")] = None
    longest: Annotated[int | None, about("Maximum number of characters.")] = None
    longest_bytes: Annotated[int | None, about("Maximum number of bytes in UTF-8.")] = None
    pattern: Annotated[Pattern | None, about("A pattern for the whole key or value.")] = None
    never: Annotated[Pattern | None, about("A pattern of reserved keys or values.")] = None
    reserved: Annotated[str, about("The allowed part of those, in words.")] = ""

    @cached_property
    def allows(self) -> Callable[[str], bool]:
        """What tells whether the sink accepts a key or a value."""
        wanted = [f"(?:{self.characters.text})*"] if self.characters else []
        wanted += [self.pattern.text] if self.pattern else []
        never = [self.never.text] if self.never else []

        fits = fitting(*wanted, *never, count=len(wanted)) if wanted or never else None

        def is_allowed(text: str) -> bool:
            return (
                (self.longest is None or len(text) <= self.longest)
                and (self.longest_bytes is None or _bytes(text) <= self.longest_bytes)
                and (fits is None or fits(text))
            )

        return is_allowed if fits is None else remembered(is_allowed)

    @cached_property
    def may_exist(self) -> Callable[[str], bool]:
        """The same of what is there: the vendor may have added what is reserved."""
        return replace(self, never=None).allows

    def complaint(self, text: str, vendor: str) -> str:
        """What is wrong with a key or a value that the sink does not accept, as a predicate."""
        fault, allowed = self._fault(text)
        return f"{fault}; {f'{vendor} allows' if vendor else 'expected'} {allowed}"

    def _fault(self, text: str) -> tuple[str, str]:
        """What is wrong, and what is allowed in its place."""
        if self.longest is not None and len(text) > self.longest:
            # Where a line break at the end is let pass, the words know the length better.
            names_length = self.expected.startswith("up to")
            allowed = self.expected if names_length else f"up to {self.longest}"
            return f"is too long ({len(text)} characters)", allowed
        characters = self.characters
        contents = dict.fromkeys(
            "uppercase letters" if characters.fits(char.lower()) else _visible(char)
            for char in dict.fromkeys(text)
            if characters and not characters.fits(char)
        )
        if contents:
            return f"contains {listed(list(contents)[:_MOST_CHARACTERS])}", self.expected
        if self.longest_bytes is not None and _bytes(text) > self.longest_bytes:
            return f"is too long ({_bytes(text)} bytes)", f"up to {self.longest_bytes}"
        if self.never and self.never.fits(text):
            return "is reserved", self.reserved or self.expected
        return self._edge(text), self.expected

    def _edge(self, text: str) -> str:
        """What is wrong with allowed characters in a place where they are not."""
        if not text:
            return "is empty"
        if self.pattern is None or not self.pattern.fits(f"a{text}a"):
            return "is invalid"
        is_end = self.pattern.fits(f"{text}a")
        verb, char = ("ends", text[-1]) if is_end else ("starts", text[0])
        return f"{verb} with {'a digit' if char.isdigit() else _visible(char)}"


class Check(RuleParams, frozen=True):
    sink: Annotated[SinkName, about("The sink that the tags reach.")]
    key: Annotated[Grammar, about("Allowed keys.")]
    value: Annotated[Grammar, about("Allowed values.")]
    vendor: Annotated[str, about("What messages call the sink.")] = ""
    respells: Annotated[
        bool, about("Whether a fix writes cloud tags in lowercase, with _ and - for other signs.")
    ] = False
    resources: Annotated[
        tuple[Pattern, ...], non_empty("Patterns of resource types; other types are not checked.")
    ] = ()

    def judge(self, target: Job | RenderedSet) -> Results:
        """Hold what the sink receives against its grammar."""
        if isinstance(target, RenderedSet):
            return self._judge_set(target)
        return self._judge_job(target)

    def _judge_set(self, rendered: RenderedSet) -> Results:
        if self.resources and not any(type_.fits(rendered.resource) for type_ in self.resources):
            return
        is_planned = rendered.is_planned
        is_key = self.key.allows if is_planned else self.key.may_exist
        is_value = self.value.allows if is_planned else self.value.may_exist
        for tag in rendered.sink(self.sink):
            if not is_key(tag.key):
                yield self._wrong_key(tag, rendered.name)
            yield from self._judge_value(rendered, tag, is_value)

    def _judge_job(self, job: Job) -> Results:
        is_key, is_value = self.key.allows, self.value.allows
        for tag in self._tags_by_type(job) if self.resources else job.sink(self.sink):
            if not is_key(tag.key):
                yield self._wrong_key(tag, _owner(tag), tuple(self._key_fixes(job, tag)))
            text = tag.text
            if not isinstance(text, str) or "${" in text or not is_value(text):
                yield from self._judge_value(job, tag, is_value)
        is_any = not self.resources and self.sink in CLOUDS
        for resource in job.resources_in(self.sink) if is_any else ():
            if resource.doubt:
                question = f"not all tags of {shown(resource.address)} are known"
                yield Unresolved(resource.tagged, f"{question}: {resource.doubt}")

    def _tags_by_type(self, job: Job) -> Iterator[SinkTag]:
        """The tags of the resources of some types."""
        for resource in job.resources_in(self.sink):
            is_of_type = any(type_.fits(resource.type) for type_ in self.resources)
            yield from resource.entries if is_of_type and resource.is_certain else ()

    def _judge_value(
        self, target: Job | RenderedSet, tag: SinkTag, is_allowed: Callable[[str], bool]
    ) -> Results:
        text = tag.text
        if not isinstance(text, str):
            yield from _no_string(target, tag)
        elif is_open(text):
            yield at_run_time(tag.at, _name(tag), text)
        elif not is_allowed(text):
            trail = overridden(tag.tag)
            start = f"{_name(tag)} {quoted(text)}"
            if tag.made_at is not None:
                start = f"{_name(tag)} becomes {quoted(text)} in the module and"
                trail = (*trail, Related(tag.made_at, "set by the module here"))
            message = f"{start} {self.value.complaint(text, self.vendor)}"
            yield Violation(tag.at, message, trail, tuple(self._value_fixes(target, tag)))

    def _wrong_key(
        self, tag: SinkTag, owner: str, fixes: tuple[Fix, ...] = ()
    ) -> Violation | Unresolved:
        if is_open(tag.key):
            return Unresolved(tag.at.key, f"tag key {quoted(tag.key)} is known only at run time")
        of_owner = f" of {owner}" if owner else ""
        key, route = quoted(tag.key), tag.at.route
        is_cloud_tag = route[:2] == ("infrastructure", "tags")
        if self.vendor and is_cloud_tag and route[-1] not in (tag.key, "tags"):
            key = f"{quoted(route[-1])} (in {self.vendor} {key})"
        message = f"tag key {key}{of_owner} {self.key.complaint(tag.key, self.vendor)}"
        trail = overridden(tag.tag)
        return Violation(tag.at.key, message, trail, fixes)

    def _key_fixes(self, job: Job, tag: SinkTag) -> Iterator[Fix]:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", tag.key)
        key = _lowercase(words, self.key, "_")
        if self._is_own(job, tag) and tag.at.route[-1] == tag.key and self.key.allows(key):
            from dativo_lint.edits.fields import rename  # only a violation needs it

            is_safe = key.replace("_", "") == tag.key.lower().replace("_", "")
            edit = rename(job.config, tag.at.route, key)
            yield fix(f'Rename "{tag.key}" to "{key}"', edit, is_safe=is_safe)

    def _value_fixes(self, job: Job | RenderedSet, tag: SinkTag) -> Iterator[Fix]:
        if self._is_own(job, tag) and tag.at.value == tag.text:
            value = _lowercase(tag.text, self.value, "-")
            if self.value.allows(value) and value.strip("-"):  # a part of it is left
                from dativo_lint.edits.fields import set_value  # only a violation needs it

                edit = set_value(tag.at.document, tag.at.route, value)
                yield fix(f'Write "{value}"', edit, is_safe=value == tag.text.lower())

    def _is_own(self, job: Job | RenderedSet, tag: SinkTag) -> bool:
        """Whether nothing but the cloud receives a tag as it is written in the job."""
        if not self.respells or isinstance(job, RenderedSet):
            return False
        is_cloud_tag = tag.at.route[:2] == ("infrastructure", "tags") and len(tag.at.route) > 2
        return is_cloud_tag and tag.at.document is job.config and tag.made_at is None


_UNSEEN = {" ": "a space", "\t": "a tab", "\n": "a line break", "\r": "a line break"}
_MOST_CHARACTERS = 3
"""Characters that a message lists."""


def _lowercase(text: str, grammar: Grammar, sign: str) -> str:
    allowed = grammar.characters
    lower = text.lower()
    return "".join(char if allowed is None or allowed.fits(char) else sign for char in lower)


def _no_string(target: Job | RenderedSet, tag: SinkTag) -> Iterator[Violation]:
    """A value that is not a string; other rules report those of the job and the asset."""
    if isinstance(target, RenderedSet) or (
        tag.tag is None and tag.at.document is not target.config
    ):
        yield Violation(tag.at, f"{_name(tag)} is {quoted(tag.text)}; expected a string")


def _owner(tag: SinkTag) -> str:
    """The resource that a module gives a tag to; empty for a tag of the job."""
    return "" if tag.tag is None else tag.tag.label.removesuffix(f".{tag.key}")


def _name(tag: SinkTag) -> str:
    return tag.at.name if tag.tag is None else tag.tag.name


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _visible(char: str) -> str:
    if char in _UNSEEN or char.isprintable():
        return _UNSEEN.get(char) or f'"{char}"'
    from unicodedata import name  # for messages

    return f"U+{ord(char):04X} ({name(char, 'control character').lower()})"
