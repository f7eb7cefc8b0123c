"""Verdicts of earlier runs, each with the answers of the repository that it hangs on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dativo_lint.cache.bundles import Bundles
from dativo_lint.cache.identity import State
from dativo_lint.cache.kept_facts import KeptFacts
from dativo_lint.cache.shards import UNREADABLE, Entries, Shards
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.library import Library
from dativo_lint.texts.witness import Answer, Facts, Witness
from dativo_lint.verdict.answers import BundleVerdict, FileVerdict, TextVerdict
from dativo_lint.verdict.packing import Unpacking, pack_file, pack_text

_RUNNERS = "\0runners"
_OF_BUNDLES = 4_096
"""So many that hardly two bundles are in one: in a long run each is written when it is complete."""

Schedules = tuple[dict[str, str], tuple[Facts, ...], bool]
"""What runner files say of jobs, with the answers of the repository that it hangs on, and whether
one of them is broken."""


class Verdicts:
    """The verdicts that are kept of one repository, under one state of tool, rules and settings.

    `schedules` is what runner files say of each job by its path; `knows_schedules` tells that it is
    from an earlier run, and that none of the files is broken.
    """

    def __init__(
        self, state: State, library: Library, witness: Witness, unpacking: Unpacking
    ) -> None:
        self._state = state
        self._is_new = not state.is_known
        self._entries = Shards(state.folder)
        self._shared = Shards(f"{state.folder}/shared", _OF_BUNDLES)
        self._alone = Shards(f"{state.folder}/alone", _OF_BUNDLES)
        self._facts = KeptFacts(self._shared, witness)
        self._bundles = Bundles(self._alone, self._shared, self._facts, library, witness)
        self._witness = witness
        self._library = library
        self._unpacking = unpacking
        self.schedules: dict[str, str] = {}
        self.knows_schedules = False

    def take_schedules(self, runners: Sequence[str], read: Callable[[], Schedules]) -> None:
        """Learn what runner files say of each job, by reading them where that is not known."""
        contents = tuple(self._library.content_fact(path, self._witness) for path in runners)
        entry = self._entries.get(_RUNNERS)
        try:
            if (
                entry is not None
                and entry[0] == contents
                and self._facts.hold(entry[1], self._beside(_RUNNERS))
            ):
                self.schedules = dict(entry[2])
                self.knows_schedules = True
                return
        except UNREADABLE:
            pass
        self.schedules, facts, is_broken = read()
        if not is_broken:
            names, few = self._facts.named(facts)
            self._keep(_RUNNERS, (contents, names, self.schedules), few)

    def bundles(self, files: Sequence[str]) -> Iterator[BundleVerdict]:
        """What became of many files at once, and would become of them again; best to be asked
        before single files are."""
        try:
            yield from self._bundles.recall(files, self.schedules, self._unpacking)
        except UNREADABLE:
            return

    def file(self, path: str, mode: str = "") -> FileVerdict | None:
        """What became of a file, if it would become of it again."""
        key = path + mode
        entry = None if self._bundles.is_untold(key) else self._entries.get(key)
        if entry is None:
            return None
        if not self._witness.knows_content(path, self._library.limits):
            self._library.peek(path)
        try:
            content, names, schedules, plain = entry
            if content != self._content(path) or schedules != self.schedules.get(path, ""):
                return None
            holds = self._facts.hold(names, self._beside(key))
            return self._unpacking.file(plain) if holds else None
        except UNREADABLE:
            return None

    def keep_file(self, path: str, verdict: FileVerdict, mode: str = "") -> None:
        """Keep what became of a file, unless the next run should look again."""
        content = self._content(path)
        is_crashed = verdict.answers.crashes or (verdict.text and verdict.text.answers.crashes)
        if isinstance(content, bytes) and not (is_crashed or verdict.has_sets or verdict.uses):
            names, few = self._facts.named(verdict.hangs_on)
            entry = content, names, self.schedules.get(path, ""), pack_file(verdict)
            if self._bundles.is_untold(path + mode):
                self._bundles.keep(path, entry, few)
            else:
                self._keep(path + mode, entry, few)
        if self._bundles.is_complete_with(path + mode):
            # Of a long run, what is kept would take more memory than all else.
            self._write_bundles()

    def text(self, path: str, kind: Kind | None) -> TextVerdict | None:
        """What became of a file that was read for a job, which took it for a kind."""
        read = path, kind and kind.value
        entry = self._bundles.text(read) or self._entries.get(_text_key(path, kind))
        try:
            if entry is not None and entry[0] == self._content(path):
                self._bundles.keep_text(read, entry)
                return self._unpacking.text(entry[1])
        except UNREADABLE:
            pass
        return None

    def keep_text(self, path: str, verdict: TextVerdict, kind: Kind | None) -> None:
        """Keep what became of such a file."""
        content = self._content(path)
        if isinstance(content, bytes) and not verdict.answers.crashes:
            entry = content, pack_text(verdict)
            if self._bundles.is_used:
                self._bundles.keep_text((path, kind and kind.value), entry)
            else:
                self._entries.put(_text_key(path, kind), entry)

    def write(self) -> None:
        """Write down what is new, and drop what nobody needs."""
        self._bundles.renew()
        has_moved = self._bundles.has_moved
        self._entries.write(self._worth_keeping)
        self._alone.write(self._still_there, sweeps=has_moved)
        self._shared.write(self._worth_sharing, sweeps=has_moved)
        try:
            os.utime(self._state.repository)
            if self._is_new:
                from dativo_lint.cache.pruning import mark, prune  # few runs make a new state

                mark(self._state.top)
                prune(self._state.top, self._state.repository)
        except OSError:
            pass  # the cache is then larger than need be, or not there

    def _write_bundles(self) -> None:
        is_first = self._is_new and not self._state.is_known
        for shards in (self._alone, self._shared):
            shards.write(dict)
        if is_first:
            from dativo_lint.cache.pruning import mark  # as above

            try:
                mark(self._state.top)
            except OSError:
                return  # the end of the run tries again

    def _content(self, path: str) -> Answer:
        return self._library.content_fact(path, self._witness)[2]

    def _worth_keeping(self, entries: Entries) -> Entries:
        """The entries of files that are still there, and the facts on which they hang."""
        kept: Entries = {}
        for key, entry in entries.items():
            if isinstance(key, str) and self._is_alive(key.partition("\0")[0]):
                kept[key] = entry
        named = (entry[1] for entry in kept.values() if len(entry) > 2)
        for name in {name for names in named for name in names}.intersection(entries):
            kept[name] = entries[name]
        return kept

    def _keep(self, key: str, entry: Any, few: Mapping[bytes, Facts]) -> None:
        self._entries.put(key, entry)
        for name, facts in few.items():
            self._entries.put(name, facts, beside=key)

    def _beside(self, key: str) -> Callable[[bytes], Facts | None]:
        """Finds the facts that are kept beside an entry."""
        return lambda name: self._entries.get(name, beside=key)

    def _is_alive(self, path: str) -> bool:
        return not path or self._witness.kind(path) is not None

    def _still_there(self, entries: Entries) -> Entries:
        """The entries of bundles that begin with files that are still there."""
        return {key: entry for key, entry in entries.items() if self._is_alive(str(key))}

    def _worth_sharing(self, entries: Entries) -> Entries:
        """The bundles of files that are still there, and the facts that hold."""
        parts = self._bundles, self._facts
        return {
            key: entry
            for key, entry in entries.items()
            if any(it.is_worth_keeping(key) for it in parts)
        }


def _text_key(path: str, kind: Kind | None) -> str:
    return f"{path}\0text\0{kind.value if kind else ''}"
