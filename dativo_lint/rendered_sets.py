"""Rendered sets: held against their rules, each with the job that it was rendered from."""

from __future__ import annotations

from functools import cached_property

from dativo_lint.judging import Judging
from dativo_lint.misuse import Misuse
from dativo_lint.rulebook.taggable import taggable
from dativo_lint.selection import Given, select
from dativo_lint.settings import Settings
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.library import Library
from dativo_lint.subject.rendered import JobOf
from dativo_lint.subject.rendered_forms import FormReader
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.text import Text
from dativo_lint.texts.document import Document
from dativo_lint.verdict.evaluate import Docket
from dativo_lint.verdict.gathering import Gathering
from dativo_lint.verdict.ready import Readiness
from dativo_lint.verdict.secrets import secrets_of_rendered


class SetJudging:
    """Judges the rendered sets of one run."""

    def __init__(
        self, judging: Judging, settings: Settings, ready: Readiness, given: Given
    ) -> None:
        self._judging = judging
        self._settings = settings
        self._ready = ready
        self._given = given
        namespaces = settings.propagation.dagster_namespaces
        self._reader = FormReader(taggable, given.sink, namespaces)

    def judge(self, text: Text, gathering: Gathering) -> None:
        """Judge the sets of a file, each with the job that it names, or with the one that was given
        for all; raises Misuse where that one is no job."""
        for document in text.documents(Kind.RENDERED):
            for rendered in self._judging.assembler.rendered(document, self._reader, self._job):
                docket = Docket(self._judging.line_at)
                docket.hold(rendered, self._ready.for_job(rendered.fields).rendered)
                secrets = secrets_of_rendered(rendered)
                gathering.enter_set(document.path, docket.answers(), secrets)
                self._judge_job_of(rendered.job, gathering)

    @cached_property
    def _job(self) -> Subject | None:
        """The job that is given for sets that name none."""
        if self._given.job is None:
            return None
        document = _job_at(self._given.job, self._judging.library, self._settings)
        return self._judging.assembler.subject(document)

    def _judge_job_of(self, job: JobOf, gathering: Gathering) -> None:
        """Judge the file that should hold a set's job, where it is not one that can be read."""
        if job.reference is None or not job.reference.path or job.is_readable:
            return
        path = job.reference.path
        if not gathering.has_text(path):
            gathering.enter_text(path, self._judging.read(path, None))


def _job_at(path: str, library: Library, settings: Settings) -> Document:
    """The one job in a file. Raises Misuse where there is none, or more than one."""
    for fault in library.reading(path).faults:
        if fault.kind.is_fatal:
            raise Misuse(fault.message, fault.place)
    found = select(library, settings, Given((path,))).jobs
    jobs = [it for it in found if it.path == path]
    if len(jobs) != 1:
        raise Misuse(f"{path} holds {len(jobs) or 'no'} job{'s'[: len(jobs)]}; expected one")
    return jobs[0]
