"""The command `init`: show what the linter needs in a repository, and write it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

import click
from msgspec.structs import replace

from dativo_lint.cli.commands.baseline import counted, new_entries
from dativo_lint.cli.fixing import diff_of
from dativo_lint.cli.options import color_option, settings_for
from dativo_lint.cli.output import show, show_parts, shown_table
from dativo_lint.cli.parts import (
    BY_HAND,
    EXISTS,
    LEFT_OUT,
    NEW,
    Part,
    hook_part,
    may_name,
    settings_part,
    workflow_part,
)
from dativo_lint.engine.survey import Survey, survey
from dativo_lint.engine.unmatched import nothing_to_check
from dativo_lint.errors import NothingToCheck, UsageError
from dativo_lint.findings.baseline import FILE_NAME, written
from dativo_lint.fixes.writing import write_all
from dativo_lint.reports.escape import visible
from dativo_lint.settings.settings import Settings
from dativo_lint.version import DOCUMENTATION

_PARTS = ("settings", "hook", "workflow", "baseline")
_IN_GIT = ("hook", "workflow")
"""Parts that only a repository of git has a use for."""


@click.command()
@click.option("--write", is_flag=True, help="Write the files, instead of only showing them.")
@click.option("--settings", is_flag=True, help="Only the settings.")
@click.option("--hook", is_flag=True, help="Only the hook of pre-commit.")
@click.option("--workflow", is_flag=True, help="Only the workflow of GitHub, or the GitLab job.")
@click.option("--baseline", is_flag=True, help="Only the baseline, which accepts all findings.")
@color_option
def init(write: bool, **asked: bool) -> int:
    """Set the linter up in a repository that exists.

    Shows what was found and what --write would write: settings, a hook of pre-commit, a workflow,
    and, if there are findings, a baseline that accepts them. The options for parts can be combined.
    Nothing that exists is replaced; the hook, and a GitLab job, are added to existing files.

    Exit codes: 0 all is there, or can be written; 1 a part has to be added by hand; 2 usage error,
    or no job was found.
    """
    settings = settings_for()
    chosen = [name for name in _PARTS if asked[name]]
    wrong = [] if _is_in_git(settings) else [name for name in chosen if name in _IN_GIT]
    if wrong:
        raise UsageError(f"--{wrong[0]} needs a git repository; git init creates one")
    seen = survey(settings)
    if not seen.jobs:
        raise NothingToCheck(nothing_to_check(seen.given), {})
    parts = [*_parts(settings, seen, chosen or _PARTS)]
    ready = [part for part in parts if part.is_written]
    if write:
        before = {part.path: part.before for part in ready}
        write_all({settings.root: (before, _contents(ready))})
    else:
        shown = [part for part in ready if part.name != "baseline"]
        old = {part.path: part.before or b"" for part in shown}
        show(diff_of(old, _contents(shown), "", frozenset()))
        show("\n" if shown else "")
    rows = [(part.name, part.path, part.word(is_done=write), part.details) for part in parts]
    headers = ("part", "file", "state", "details")
    show_parts((f"found: {visible(seen.summary)}", shown_table(headers, rows)))
    is_by_hand = any(part.state == BY_HAND for part in parts)
    hints = _hints(ready, chosen, is_done=write, is_by_hand=is_by_hand)
    show("".join(f"\n{hint}\n" for hint in hints))
    return int(is_by_hand)


def _hints(
    ready: Sequence[Part], chosen: Sequence[str], *, is_done: bool, is_by_hand: bool
) -> Iterator[str]:
    """What to do next."""
    if ready and not is_done:
        options = "".join(f" --{name}" for name in chosen)
        yield f"dativo-lint init --write{options} writes this"
    if ready and is_done:
        has_hook = any(part.name == "hook" for part in ready)
        yield f"commit these files{'; pre-commit install starts the hook' if has_hook else ''}"
    if is_by_hand:
        yield f"how to add the rest by hand: {DOCUMENTATION}/start.md"


def _contents(parts: Iterable[Part]) -> dict[str, bytes]:
    return {part.path: part.after for part in parts}


def _is_in_git(settings: Settings) -> bool:
    return os.path.lexists(os.path.join(settings.root, ".git"))


def _parts(settings: Settings, seen: Survey, chosen: Sequence[str]) -> Iterator[Part]:
    """The parts that were chosen, as they are and as they will be."""
    runners = tuple(filter(may_name, seen.other_runners))
    if runners and settings.file is None and "settings" in chosen:
        # A glob of the default that matches nothing would be an error in the settings.
        settings = replace(settings, runners=(*seen.runners, *runners))
    baseline = _baseline_part(settings, is_wanted="baseline" in chosen)
    if "settings" in chosen or (settings.file is not None and baseline.is_written):
        has_baseline = baseline.is_written or baseline.state == EXISTS
        yield settings_part(settings, has_baseline=has_baseline)
    for name, part in (("hook", hook_part), ("workflow", workflow_part)):
        if name in chosen and _is_in_git(settings):
            yield part(settings.root)
        elif name in chosen:
            yield Part(name, "", LEFT_OUT, "there is no git repository")
    if "baseline" in chosen:
        yield baseline


def _baseline_part(settings: Settings, *, is_wanted: bool) -> Part:
    """The baseline, which is for the findings that the settings lead to."""
    path = settings.baseline or FILE_NAME
    if os.path.lexists(os.path.join(settings.root, path)):
        return Part("baseline", path, EXISTS)
    entries, left_out = new_entries([settings.root], settings) if is_wanted else ([], "")
    if not entries:
        return Part("baseline", path, LEFT_OUT, f"there are no findings{left_out}")
    details = f"accepts {counted(entries)}{left_out}"
    return Part("baseline", path, NEW, details, after=written(entries).encode())
