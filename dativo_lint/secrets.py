"""Secrets: values that Terraform calls sensitive or ephemeral, which no report may show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.place import Place
from dativo_lint.findings import Crash, Finding, Mention, UnresolvedValue
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.kinds import Kind, seems_plan
from dativo_lint.jobs.platform_variables import VariableValue
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.sinks import CLOUDS
from dativo_lint.jobs.text import Text

One = TypeVar("One", Finding, UnresolvedValue)

_UNSAID = "sensitive value not shown"


class Secret(Struct, frozen=True, array_like=True):
    """A field of a job or a default of its module that is not shown, and its lines (1-based)."""

    path: str
    field: str
    first_line: int
    last_line: int

    def is_seen_from(self, place: Place) -> bool:
        """Whether the line of a place would show it."""
        return self.path == place.path and self.first_line <= place.line <= self.last_line

    def holds(self, place: Place) -> bool:
        """Whether a place is that of the field or of something inside it."""
        below = place.field.removeprefix(self.field)
        is_below = place.field.startswith(self.field) and below[:1] in ("", ".", "[")
        return self.path == place.path and is_below


def secrets_of(job: Job) -> Iterator[Secret]:
    """Values that the job gives to secret variables, and what its modules hold of that kind."""
    for variable in job.sensitive:
        name = variable.name
        supply = job.own_variables.get(name) or job.platform_variables.get(name)
        if supply is not None and supply.value is not ABSENT:
            for said in _told_at(supply):
                first, last = said.document.block_lines(said.route)
                yield Secret(said.document.path, said.name, first, last)
    for name, place in job.module_tree.secrets if job.module_tree is not None else ():
        yield Secret(place.path, name, place.line, place.end_line)


def _told_at(supply: VariableValue) -> tuple[FieldRef, ...]:
    """The places of a value; of a tag, in every layer that sets it."""
    return (supply.at,) if supply.tag is None else tuple(it.at for it in supply.tag.trail)


def secrets_of_rendered(rendered: RenderedSet) -> Iterator[Secret]:
    """Values of sensitive variables in a set, and in the job that it is compared with."""
    job = rendered.source.job
    if job is None:
        return
    yield from secrets_of(job)
    sink = rendered.sink_name
    variables = {it.name for it in job.sensitive} if sink == "terraform" else set()
    resources = job.resource_tags(sink) if sink in CLOUDS else ()
    keys = {entry.key for it in resources for entry in it.entries if entry.is_secret}
    is_any = any(it.given.planned.is_secret for it in resources)
    for entry in rendered.entries:
        if is_any or entry.key in keys or entry.key.partition(".")[0] in variables:
            first, last = rendered.document.block_lines(entry.at.route)
            yield Secret(rendered.document.path, entry.at.name, first, last)


def may_hold_secrets(text: Text) -> bool:
    """Whether a text is a plan, in which any line may show what is sensitive elsewhere in it."""
    if Kind.RENDERED in text.kinds:
        if any("format_version" in it.data for it in text.documents(Kind.RENDERED)):
            return True
    return text.reading.is_broken and seems_plan(text.reading.text)


class Censor:
    """Removes secrets from what was found; without any, everything stays as it is."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._by_path: dict[str, set[Secret]] = {}
        for secret in secrets:
            self._by_path.setdefault(secret.path, set()).add(secret)

    def finding(self, finding: Finding) -> Finding:
        """A finding that shows no secret, neither in its message nor in excerpts."""
        if not self._by_path or not (finding.mentions or finding.place.path in self._by_path):
            return finding
        places = (finding.place, *(mention.place for mention in finding.mentions))
        tells = any(map(self._holds, places))
        mentions = tuple(self._mention(mention, tells) for mention in finding.mentions)
        fixes = () if tells else finding.fixes
        return replace(self._one(finding, tells), mentions=mentions, fixes=fixes)

    def question(self, question: UnresolvedValue) -> UnresolvedValue:
        """An unresolved value that shows no secret."""
        if question.place.path not in self._by_path:
            return question
        return self._one(question, self._holds(question.place))

    def crash(self, crash: Crash) -> Crash:
        """A crash on a job with secrets, without the text of the error, which may quote one."""
        if crash.path not in self._by_path:
            return crash
        return replace(crash, message=f"{crash.message.partition(':')[0]}: {_UNSAID}")

    def _one(self, one: One, tells: bool) -> One:
        if not tells and not self._shows(one.place):
            return one
        source = "" if self._shows(one.place) else one.source
        message = f"{one.rule.summary[:1].lower()}{one.rule.summary[1:]} ({_UNSAID})"
        if one.place.field:
            message = f"{one.place.field}: {message}"
        return replace(one, source=source, message=message if tells else one.message)

    def _mention(self, mention: Mention, tells: bool) -> Mention:
        if not tells and not self._shows(mention.place):
            return mention
        source = "" if self._shows(mention.place) else mention.source
        return replace(mention, source=source, sentence=_UNSAID if tells else mention.sentence)

    def _shows(self, place: Place) -> bool:
        return any(it.is_seen_from(place) for it in self._by_path.get(place.path, ()))

    def _holds(self, place: Place) -> bool:
        return any(it.holds(place) for it in self._by_path.get(place.path, ()))
