"""A run: the given files are judged, then the jobs that depend on others of them, by as many
processes as pay and with what an earlier run remembers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.misuse import Misuse
from dativo_lint.selection import Given, Selector
from dativo_lint.settings import Settings
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.library import Library
from dativo_lint.texts.folder import Folder
from dativo_lint.texts.witness import Witness
from dativo_lint.verdict.answers import FileVerdict, TextVerdict
from dativo_lint.verdict.gathering import Gathering
from dativo_lint.verdict.ready import Readiness
from dativo_lint.verdict.report import Report

if TYPE_CHECKING:
    from datetime import date
    from os import PathLike

    from dativo_lint.cache.identity import State
    from dativo_lint.cache.verdicts import Schedules, Verdicts
    from dativo_lint.judging import Judging, Take
    from dativo_lint.subject.text import Text
    from dativo_lint.texts.place import Place

Progress = Callable[[int, int], None]
"""Told how many of how many files are judged."""

LEAST_FILES = 1_000
"""With fewer files to judge, a second process costs more than it saves."""
BATCH = 32
"""Files that are judged together. Alone they take 6/5 of the time; more of them gain nothing."""
_BY_NAME = "\0named"
"""Marks in the cache a file that is taken for what it is named, not for what it looks like."""


class Means(Struct, frozen=True):
    """How a run is made, which changes nothing about what it finds.

    `processes` is how many share the work, None for as many as pay; `cache` the folder in which
    verdicts are kept from run to run, None for no cache.
    """

    processes: int | None = 1
    cache: str | PathLike[str] | None = None


ALONE = Means()


class Run:
    """One run over given files. Raises Misuse where there is nothing to check."""

    def __init__(
        self,
        folder: Folder,
        given: Given,
        settings: Settings,
        ready: Readiness,
        processes: int | None,
        state: State | None,
        progress: Progress | None,
    ) -> None:
        witness = Witness(folder) if state is not None else None
        self._library = Library(witness or folder, settings.limits)
        self._selector = Selector(self._library, settings, given)
        self._gathering = Gathering(ready, self._line_at)
        self._given = given
        self._settings = settings
        self._ready = ready
        self._asked = processes
        self._progress = progress
        self._verdicts = None
        if state is not None and witness is not None:
            self._verdicts = self._remembered(state, witness)
        # Of each file that was read for a job: what it was taken for.
        self._kinds: dict[str, Kind | None] = {}
        self._given_files = frozenset(self._selector.files)
        self._is_final: dict[str, bool] = {}
        self._used: set[str] = set()
        self._sets: dict[str, Text | None] = {}
        self._passed_over = [*self._selector.excluded]

    @cached_property
    def _judging(self) -> Judging:
        from dativo_lint.judging import Judging  # what the cache tells need not be judged

        known = self._verdicts
        scheduled = known.schedules if known is not None and known.knows_schedules else None
        return Judging(self._library, self._settings, self._ready, self._selector, scheduled)

    def _line_at(self, place: Place) -> str:
        # What is told of allowances is told when all is judged, or was recalled.
        line = self._library.plain_line_at(place)
        return self._judging.line_at(place) if line is None else line

    def _read_schedules(self) -> Schedules:
        return self._judging.schedules()

    def judge(self) -> None:
        """Judge all that is to be judged."""
        # Before the files are read, of which each is then read once.
        _ = self._selector.runner_paths
        self._hold_rendered()
        self._judge(self._selector.files, self._selector.take)
        others = self._selector.others(self._is_final, has_jobs=self._gathering.jobs > 0)
        if others:
            self._judge_dependents(others)
        self._judge_what_was_read()
        if self._sets:
            self._judge_sets()
        gathering = self._gathering
        if not gathering.jobs and not gathering.files and not self._given.changed:
            raise Misuse(nothing_to_check(self._given))
        if self._verdicts is not None:
            self._verdicts.write()

    def report(self, today: date | None) -> Report:
        """All that came up; `today` decides which allowances have expired."""
        return self._gathering.report(self._given_files, self._passed_over, today)

    def _judge_dependents(self, others: Sequence[str]) -> None:
        """Judge the jobs that depend on other files, and what nothing depends on."""
        dependents = self._selector.dependents(others)
        files = [path for path in dependents.files if not self._gathering.has_text(path)]
        self._judge(files, dependents.take)
        for path in dependents.left_over(self._used, self._gathering.has_text):
            taken = self._selector.take_flat(path)
            if taken.text is None:
                self._passed_over.append(path)
            else:
                self._gathering.enter_text(path, self._judging.text(taken.text))
                self._sets[path] = taken.text

    def _judge(self, files: Sequence[str], take: Take) -> None:
        """Judge files, each with those that are read for it."""
        recalls = self._verdicts is not None and take == self._selector.take
        left = self._recall_bundles(files) if recalls else files
        if recalls and self._processes(len(left)) > 1:
            # What is left after this decides whether other processes pay.
            left = [path for path in left if not self._recall(path)]
            recalls = False
        processes = self._processes(len(left))
        if processes > 1:
            self._spread(left, take, processes, len(files) - len(left))
            return
        waiting: list[str] = []
        for number, path in enumerate(left, len(files) - len(left) + 1):
            if not (recalls and self._recall(path, is_last=False)):
                waiting.append(path)
            if waiting and (len(waiting) == BATCH or number == len(files)):
                self._judge_batch(waiting, take)
                waiting.clear()
            if self._progress is not None:
                self._progress(number, len(files))

    def _judge_batch(self, files: Sequence[str], take: Take) -> None:
        for path, verdict in zip(files, self._judging.files(files, take), strict=True):
            self._hear(path, verdict, is_new=True)
            self._library.forget(path)

    def _processes(self, files: int) -> int:
        asked = self._asked
        if asked == 1 or (asked is None and files < LEAST_FILES):
            return 1
        from dativo_lint.cores import MOST, available  # a small run stays alone

        return max(1, min(asked or available(), MOST, -(-files // BATCH)))

    def _recall_bundles(self, files: Sequence[str]) -> Sequence[str]:
        """Take what an earlier run said of many files at once; the files that are left."""
        if self._verdicts is None or self._given.named or self._given.rendered:
            return files
        recalled: set[str] = set()
        for bundle in self._verdicts.bundles(files):
            self._gathering.enter_silent(bundle)
            for (path, kind), text in bundle.texts.items():
                if self._is_new(path, kind):
                    self._gathering.enter_text(path, text or self._read(path, kind))
            for path, verdict in bundle.others:
                self._hear(path, verdict)
            recalled.update(bundle.paths)
            if self._progress is not None:
                self._progress(len(recalled), len(files))
        return [path for path in files if path not in recalled] if recalled else files

    def _recall(self, path: str, *, is_last: bool = True) -> bool:
        """Take what an earlier run said of a file, if it would still be said."""
        known = self._verdicts
        verdict = None if known is None else known.file(path, self._mode(path))
        if verdict is not None:
            self._hear(path, verdict)
        if verdict is not None or is_last:
            self._library.forget(path)
        return verdict is not None

    def _mode(self, path: str) -> str:
        return _BY_NAME if self._selector.is_asked_by_name(path) else ""

    def _hear(self, path: str, verdict: FileVerdict, *, is_new: bool = False) -> None:
        """Take in what became of a file, and judge the files that were read for its jobs."""
        self._gathering.enter(path, verdict)
        if path in self._given_files and self._given.named:
            self._is_final[path] = verdict.is_final
        if verdict.uses:
            self._used |= verdict.uses
        if verdict.has_sets:
            self._sets.setdefault(path, None)
        for job in verdict.jobs:
            for read, kind in job.reads:
                if self._is_new(read, kind):
                    self._gathering.enter_text(read, self._read(read, kind))
        if is_new and self._verdicts is not None:
            self._verdicts.keep_file(path, verdict, self._mode(path))

    def _is_new(self, path: str, kind: Kind | None) -> bool:
        """Whether a file that was read for a job is to be judged for it.

        Of one that is given too, nobody knows yet whether it is taken for what it is; and who takes
        it for an asset knows more of it than who only names it.
        """
        is_known = path in self._kinds and (kind is None or self._kinds[path] is not None)
        if not is_known:
            self._kinds[path] = kind
        return not is_known and path not in self._given_files

    def _read(self, path: str, kind: Kind | None) -> TextVerdict:
        if self._verdicts is None:
            return self._judging.read(path, kind)
        verdict = self._verdicts.text(path, kind)
        if verdict is None:
            verdict = self._judging.read(path, kind)
            self._verdicts.keep_text(path, verdict, kind)
        return verdict

    def _spread(self, files: Sequence[str], take: Take, processes: int, done: int) -> None:
        """Judge files in several processes."""
        from dativo_lint.cores import spread
        from dativo_lint.verdict.packing import Unpacking, pack_file, pack_text

        self._judging.prepare()
        unpacking = Unpacking(self._ready)

        def work(paths: Sequence[str]) -> list[Any]:
            return list(map(pack, paths, self._judging.files(paths, take)))

        def pack(path: str, verdict: FileVerdict) -> Any:
            reads = [read for job in verdict.jobs for read in job.reads if self._is_new(*read)]
            texts = [
                (read, kind and kind.value, pack_text(self._judging.read(read, kind)))
                for read, kind in reads
            ]
            self._library.forget(path)
            return pack_file(verdict), verdict.hangs_on, texts

        def receive(path: str, made: Any) -> None:
            plain, hangs_on, texts = made
            for read, told, text in texts:
                kind = None if told is None else Kind(told)
                if self._is_new(read, kind):
                    verdict = unpacking.text(text)
                    self._gathering.enter_text(read, verdict)
                    if self._verdicts is not None:
                        self._verdicts.keep_text(read, verdict, kind)
            self._hear(path, replace(unpacking.file(plain), hangs_on=hangs_on), is_new=True)

        def tick(judged: int) -> None:
            if self._progress is not None:
                self._progress(done + judged, done + len(files))

        died = spread(files, work, processes, receive, tick, batch=BATCH)
        for path, how in died.items():
            self._hear(path, self._judging.failed(path, how))

    def _judge_what_was_read(self) -> None:
        """Judge what was read for jobs, and is not among the files that were taken themselves."""
        for path, kind in self._kinds.items():
            if not self._gathering.has_text(path):
                self._gathering.enter_text(path, self._read(path, kind))
        for runner in self._broken_runners() if self._gathering.jobs else ():
            if not self._gathering.has_text(runner.path):
                self._gathering.enter_text(runner.path, self._judging.text(runner))

    def _broken_runners(self) -> Sequence[Text]:
        # What an earlier run had from runner files is kept only where all of them could be read.
        is_known = self._verdicts is not None and self._verdicts.knows_schedules
        return () if is_known else self._selector.broken_runners

    def _judge_sets(self) -> None:
        from dativo_lint.rendered_sets import SetJudging  # few runs are given rendered sets

        judge = SetJudging(self._judging, self._settings, self._ready, self._given).judge
        for path in sorted(self._sets):
            text = self._sets[path] or self._selector.take(path).text or self._selector.text(path)
            if text is not None:
                judge(text, self._gathering)

    def _hold_rendered(self) -> None:
        """Raise Misuse for files that were said to be rendered sets and are none."""
        for path in self._given.rendered:
            text = self._selector.take(path).text if path in self._given_files else None
            if text is None or not (text.reading.is_broken or Kind.RENDERED in text.kinds):
                raise Misuse(
                    f"{path} holds no rendered tag set; expected a plan in JSON, a variables file, "
                    "properties of a table, or a mapping of tags"
                )

    def _remembered(self, state: State, witness: Witness) -> Verdicts:
        """What earlier runs said, under the same tool, rules and settings."""
        from dativo_lint.cache.verdicts import Verdicts
        from dativo_lint.verdict.packing import Unpacking

        verdicts = Verdicts(state, self._library, witness, Unpacking(self._ready))
        verdicts.take_schedules(self._selector.runner_paths, self._read_schedules)
        return verdicts


def nothing_to_check(given: Given) -> str:
    """Why a run has nothing to judge."""
    if not given.named and not given.walked:
        return "nothing to check: there are no YAML or JSON files here"
    count = len(given.named) + len(given.walked)
    files = f"none of {count} files is a Dativo job or concerns one"
    if count == 1:
        files = f"{(*given.named, *given.walked)[0]} is no Dativo job and concerns none"
    return (
        f"nothing to check: {files}; a job has asset_path, source_connector_path or "
        "infrastructure at its top, or matches the setting jobs"
    )
