"""Secrets: values that Terraform calls sensitive or ephemeral, which no report may show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.place import Place
from dativo_lint.findings.finding import Answer, Answers, Failure, Mention
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.kinds import Kind, seems_plan
from dativo_lint.jobs.platform_variables import VariableValue
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.sinks import CLOUDS
from dativo_lint.jobs.text import Text

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


def secrets_in(jobs: Iterable[Job], sets: Iterable[RenderedSet]) -> tuple[Secret, ...]:
    """What jobs and rendered sets hold of that kind, each once."""
    of_jobs, of_sets = map(secrets_of, jobs), map(secrets_of_rendered, sets)
    return tuple(dict.fromkeys(chain.from_iterable(chain(of_jobs, of_sets))))


def secrets_of(job: Job) -> Iterator[Secret]:
    """Values that the job gives to secret variables, and what its modules hold of that kind."""
    for name in (declared.name for declared in job.sensitive):
        variable = job.own_variables.get(name) or job.platform_variables.get(name)
        if variable is not None and variable.value is not ABSENT:
            for field in _fields_of(variable):
                first, last = field.document.block_lines(field.route)
                yield Secret(field.document.path, field.name, first, last)
    for name, place in job.module_tree.secrets if job.module_tree is not None else ():
        yield Secret(place.path, name, place.line, place.end_line)


def _fields_of(variable: VariableValue) -> tuple[FieldRef, ...]:
    """The places of a value; of a tag, in every layer that sets it."""
    tag = variable.tag
    return (variable.at,) if tag is None else tuple(assignment.at for assignment in tag.trail)


def secrets_of_rendered(rendered: RenderedSet) -> Iterator[Secret]:
    """Values of sensitive variables in a set, and in the job that it is compared with."""
    job = rendered.source.job
    if job is None:
        return
    yield from secrets_of(job)
    sink = rendered.sink_name
    variables = {secret.name for secret in job.sensitive} if sink == "terraform" else set()
    resources = job.resources_in(sink) if sink in CLOUDS else ()
    keys = {entry.key for resource in resources for entry in resource.entries if entry.is_secret}
    is_any = any(resource.planned.is_secret for resource in resources)
    for entry in rendered.entries:
        if is_any or entry.key in keys or entry.key.partition(".")[0] in variables:
            first, last = rendered.document.block_lines(entry.at.route)
            yield Secret(rendered.document.path, entry.at.name, first, last)


def lines_before_secrets(text: Text) -> int | None:
    """How many lines there are before the first that may show a secret, None for all: any of a
    plan may, as what is on it may be sensitive elsewhere, and of a broken job those from its
    `terraform_vars`, as its module is not known."""
    if Kind.RENDERED in text.kinds:
        if any("format_version" in document.data for document in text.documents(Kind.RENDERED)):
            return 0
    if not text.reading.is_broken:
        return None
    before, variables, _ = text.reading.text.partition("terraform_vars")
    if seems_plan(before):
        return 0
    return before.count("\n") if variables else None


class Censor:
    """Removes secrets from the answers of rules; without any, everything stays as it is.

    `summary_of` gives the summary of a rule, which takes the place of a message with a secret.
    """

    def __init__(self, secrets: Iterable[Secret], summary_of: Callable[[str], str]) -> None:
        self._by_path: dict[str, set[Secret]] = {}
        for secret in secrets:
            self._by_path.setdefault(secret.path, set()).add(secret)
        self._summary_of = summary_of

    def __bool__(self) -> bool:
        return bool(self._by_path)

    def answers(self, answers: Answers) -> Answers:
        """Answers that show no secret."""
        return Answers(
            tuple(map(self.answer, answers.findings)),
            tuple(map(self.answer, answers.unresolved)),
            tuple(map(self.failure, answers.failures)),
        )

    def answer(self, answer: Answer) -> Answer:
        """An answer that shows no secret, neither in its message nor in excerpts."""
        if not self._by_path:
            return answer
        places = (answer.place, *(mention.place for mention in answer.mentions))
        tells = any(map(self._holds, places))
        if not tells and not any(map(self._shows, places)):
            return answer
        mentions = tuple(self._mention(mention, tells) for mention in answer.mentions)
        message = self._message(answer) if tells else answer.message
        source = self.line(answer.place, answer.source)
        return replace(
            answer,
            place=self._place(answer.place),
            message=message,
            source=source,
            mentions=mentions,
            fixes=() if tells else answer.fixes,
        )

    def failure(self, failure: Failure) -> Failure:
        """A failure on a job with secrets, without the text of the error, which may quote one."""
        if failure.path not in self._by_path:
            return failure
        return replace(failure, message=f"{failure.message.partition(':')[0]}: {_UNSAID}")

    def line(self, place: Place, line: str) -> str:
        """The line of a file at a place, if it shows no secret."""
        return "" if self._shows(place) else line

    def _message(self, answer: Answer) -> str:
        summary = self._summary_of(answer.rule)
        message = f"{summary[:1].lower()}{summary[1:]} ({_UNSAID})"
        field = self._place(answer.place).field
        return f"{field}: {message}" if field else message

    def _mention(self, mention: Mention, tells: bool) -> Mention:
        source = self.line(mention.place, mention.source)
        sentence, place = _UNSAID if tells else mention.sentence, self._place(mention.place)
        return replace(mention, place=place, source=source, sentence=sentence)

    def _place(self, place: Place) -> Place:
        """A place without the keys inside a secret, which are a part of it."""
        holders = [each.field for each in self._by_path.get(place.path, ()) if each.holds(place)]
        return replace(place, field=min(holders, key=len)) if holders else place

    def _shows(self, place: Place) -> bool:
        return any(secret.is_seen_from(place) for secret in self._by_path.get(place.path, ()))

    def _holds(self, place: Place) -> bool:
        return any(secret.holds(place) for secret in self._by_path.get(place.path, ()))
