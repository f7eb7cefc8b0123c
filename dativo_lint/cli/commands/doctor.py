"""The command `doctor`: what is in the way of a good answer."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from itertools import groupby

import click
from msgspec import Struct
from msgspec.structs import asdict, astuple

from dativo_lint.api import all_rules
from dativo_lint.cli.options import form_option, hold_one_choice, settings_for, settings_options
from dativo_lint.cli.output import shared_options, show_json, show_parts, shown_table
from dativo_lint.cli.parts import hooks_in
from dativo_lint.cli.runs import cache_folder
from dativo_lint.documents.discovery import is_within, repository_of, upwards
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.engine.survey import NEARLY, Survey, Unrecognised, survey
from dativo_lint.engine.unmatched import nothing_to_check, unmatched
from dativo_lint.errors import UsageError
from dativo_lint.git.files import GitError, ask
from dativo_lint.settings.files import current_folder, find_settings
from dativo_lint.settings.ruleset import RuleSets
from dativo_lint.settings.settings import Settings
from dativo_lint.version import __version__

_OK, _NOTE, _PROBLEM = "ok", "note", "problem"
_SHOWN = 3
"""Files that are named for one reason, without --verbose."""
_SECONDS = 10
_QUIET = {"CHECKPOINT_DISABLE": "1", "TFENV_AUTO_INSTALL": "false", "TENV_AUTO_INSTALL": "false"}
"""Keeps Terraform, and what chooses its version, from using the network."""
_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^]]*\])?(?:>=([\w.]+))?(?:.*extra == .(\w+))?")


class _Check(Struct, frozen=True):
    """One thing that was looked at."""

    state: str
    check: str
    details: str


class _Package(Struct, frozen=True):
    """A package that the tool can use: its version, None if it is not installed; the lowest that
    is tested; and the extra that it belongs to, empty for what is always needed."""

    name: str
    version: str | None
    lowest: str
    extra: str

    @property
    def is_too_old(self) -> bool:
        """Whether the version is below the lowest that is tested."""
        return self.version is not None and _numbers(self.version) < _numbers(self.lowest)


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="List every file that was not recognised.")
@form_option("table", "json")
@settings_options
def doctor(verbose: bool, form: str) -> int:
    """Show what keeps the linter from a good answer.

    That is versions, git, settings, rules, cache, hook, the files that were recognised, and those
    that were not, with the reason.

    Exit codes: 0 fine; 1 there is a problem; 2 usage error.
    """
    hold_one_choice()
    checks: list[_Check] = []
    try:
        settings = settings_for()
        checks += _settings(settings)
    except UsageError as error:
        checks += _problems("settings", [error])
        root_asked = shared_options().get("root")
        settings = find_settings(current_folder(), root=root_asked, isolated=True)
    root, seen = settings.root, survey(settings)
    checks = [*_installation(root), *_git(root), *checks, *_cache(root), *_hook(root)]
    checks += _files(seen, settings)
    if form == "json":
        data = {"checks": [*map(asdict, checks)], "files": {**seen.counts}}
        show_json({**data, "unrecognised": [*map(asdict, seen.unrecognised)]})
    else:
        tables = [shown_table(("state", "check", "details"), map(astuple, checks))]
        if verbose and seen.unrecognised:
            files = [(file.path, _why(file)) for file in seen.unrecognised]
            tables.append(shown_table(("not recognised", "reason"), files))
        elif seen.unrecognised:
            headers = ("files", "not recognised", "such as")
            tables.append(shown_table(headers, _grouped(seen.unrecognised)))
        show_parts(tables)
    return int(any(each.state == _PROBLEM for each in checks))


def _problems(check: str, errors: Iterable[object]) -> Iterator[_Check]:
    lines = (line for error in errors for line in str(error).split("\n"))
    return (_Check(_PROBLEM, check, line) for line in lines)


def _installation(root: str) -> Iterator[_Check]:
    """The versions of the tool, of Python, its packages, and Terraform."""
    yield _Check(_OK, "dativo-lint", f"{__version__}, Python {platform.python_version()}")
    known = [*_packages()]
    old = [
        f"{each.name} {each.version} is older than {each.lowest}"
        for each in known
        if each.is_too_old
    ]
    yield from _problems("packages", old)
    if not old:
        yield _Check(_OK, "packages", "as new as those that are tested")
    for each in known:
        if each.extra and each.version is None:
            how = f"not installed; pip install 'dativo-lint[{each.extra}]' adds it"
            yield _Check(_NOTE, each.name, how)
    for name in ("terraform", "tofu"):
        if program := shutil.which(name):
            yield _Check(_OK, name, f"{_version_of(program, root)}; it is never needed")


def _version_of(program: str, root: str) -> str:
    """The version of Terraform or OpenTofu; where it is, if it does not tell."""
    places = [os.path.realpath(path) for path in (program, os.path.dirname(program))]
    # A program inside the repository is somebody else's.
    if not any(is_within(place, root) for place in places):
        with suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run(  # noqa: S603 - no shell, and nothing that a repository names
                [os.path.abspath(program), "version"],
                cwd=places[1],
                env={**os.environ, **_QUIET},
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=True,
            )
            if match := re.search(rb"v(\d[\w.-]*)", done.stdout):
                return match[1].decode()
    return program


def _git(root: str) -> Iterator[_Check]:
    repository = repository_of(root)
    try:
        version = ask(root, ["version"])[0].removeprefix("git version ").strip()
        if repository is None:
            yield _Check(_NOTE, "git", f"{version}; {root} is in no repository")
            return
        is_shallow = ask(repository, ["rev-parse", "--is-shallow-repository"])[0] == "true\n"
    except GitError as error:
        hint = ""
        if "dubious ownership" in str(error):
            hint = f"; git config --global --add safe.directory {repository} allows it"
        yield _Check(_PROBLEM if repository else _NOTE, "git", f"{error}{hint}")
        return
    if is_shallow:
        why = "--since and renamed files need the history (fetch-depth: 0)"
        yield _Check(_NOTE, "git", f"{version}; a shallow clone: {why}")
    else:
        yield _Check(_OK, "git", f"{version}; {repository}")


def _settings(settings: Settings) -> Iterator[_Check]:
    """The settings files, and the rules that they select. Raises UsageError."""
    names = [os.path.relpath(file, settings.root) for file, _ in settings.files]
    yield _Check(_OK, "settings", ", ".join(names) or "none: all defaults")
    yield from _problems("settings", [fault for _, fault in settings.faults])
    try:
        rules = RuleSets(all_rules(settings), settings)
        rules.hold_any()
    except UsageError as error:
        yield from _problems("rules", [error])
    else:
        yield _Check(_OK, "rules", f"{len(rules.usual.ids)} of {len(rules.rules)} on")


def _cache(root: str) -> Iterator[_Check]:
    folder = cache_folder(None, root)
    if folder is None:
        yield _Check(_NOTE, "cache", "none: the user's cache folder is inside the repository")
        return
    there = next(filter(os.path.lexists, upwards(folder)))
    if os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK):
        yield _Check(_OK, "cache", folder)
    else:
        yield _Check(_NOTE, "cache", f"none: no permission to write to {there}; runs are slower")


def _hook(root: str) -> Iterator[_Check]:
    repository = repository_of(root)
    if repository is None:
        return
    hooks = hooks_in(repository)
    if not hooks:
        how = "dativo-lint init --write --hook adds it"
        yield _Check(_NOTE, "hook", f"none in .pre-commit-config.yaml; {how}")
        return
    # What is set on the command line comes last.
    with suppress(GitError):  # then no hook is known
        folders = ask(repository, ["config", "--get-all", "core.hooksPath"])[0].splitlines()[:-1]
        folders += ask(repository, ["rev-parse", "--git-common-dir"])[0].splitlines()
        inside = "" if len(folders) > 1 else "hooks"
        if os.path.lexists(os.path.join(repository, folders[0], inside, "pre-commit")):
            yield _Check(_OK, "hook", ", ".join(hooks))
        else:
            names = ", ".join(hooks)
            yield _Check(_NOTE, "hook", f"{names}: not installed here; pre-commit install does it")


def _files(seen: Survey, settings: Settings) -> Iterator[_Check]:
    """What the files of the repository are, and the settings that match none of them."""
    if seen.jobs:
        yield _Check(_OK, "files", seen.summary)
    else:
        yield _Check(_PROBLEM, "files", nothing_to_check(seen.given))
    for path in seen.other_runners:
        yield _Check(_NOTE, "runner file", f"{path} is not in the setting runners: not used")
    near = [file for file in seen.unrecognised if file.reason == NEARLY]
    yield from _problems("file", [f"{file.path}: {file.details}" for file in near[:_SHOWN]])
    if len(near) > _SHOWN:
        yield from _problems("file", [f"{len(near) - _SHOWN} more of these; -v lists them"])
    try:
        notes = unmatched(settings, DiskFolder(settings.root), seen.given.walked)
    except UsageError as error:
        yield from _problems("settings", [error])
    else:
        yield from (_Check(_NOTE, "settings", note) for note in notes)


def _why(file: Unrecognised) -> str:
    return f"{file.reason}: {file.details}" if file.details else file.reason


def _grouped(files: Sequence[Unrecognised]) -> Iterator[tuple[str, str, str]]:
    """Each reason with the number of its files, and the first of them."""
    ordered = sorted(files, key=lambda file: (file.reason != NEARLY, file.reason))
    for reason, members in groupby(ordered, lambda file: file.reason):
        paths = [file.path for file in members]
        more = f", and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
        yield f"{len(paths):,}", reason, ", ".join(paths[:_SHOWN]) + more


def environment() -> Iterator[str]:
    """A line each: Python, the platform, and every package that is installed for the tool."""
    yield f"{platform.python_implementation()} {platform.python_version()} ({sys.executable})"
    yield platform.platform()
    yield from (f"{each.name} {each.version}" for each in _packages() if each.version)


def _packages() -> Iterator[_Package]:
    """The packages that the tool names, sorted; those for other versions of Python have none."""
    written: list[str] = []
    with suppress(PackageNotFoundError):  # the tool runs without having been installed
        written = requires("dativo-lint") or []
    for requirement in sorted(written, key=str.lower):
        if match := _REQUIREMENT.match(requirement):
            name, lowest, extra = match.groups("")
            installed = None
            with suppress(PackageNotFoundError):
                installed = version(name)
            yield _Package(name, installed, lowest, extra)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
