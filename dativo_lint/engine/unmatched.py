"""Unmatched: settings and arguments that match nothing in the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dativo_lint.documents.discovery import upwards
from dativo_lint.documents.folder import Folder
from dativo_lint.documents.globs import expand_glob, glob_below, is_glob, path_matcher
from dativo_lint.engine.selection import Given
from dativo_lint.errors import UsageError, hold
from dativo_lint.jobs.kinds import A_JOB
from dativo_lint.names import nearest
from dativo_lint.settings.settings import Settings, WrittenGlob

_NEEDED = ("jobs", "rendered", "runners")
"""Settings that select what is checked; the others only exclude."""


def unmatched(settings: Settings, folder: Folder, files: Sequence[str]) -> tuple[str, ...]:
    """Warnings about globs and folders of `prefixes` that match nothing.

    `files` are all files of a walk of the repository. Raises UsageError for globs that select what
    is checked.
    """
    idle = [it for it in settings.globs if not _is_used(it, folder, files)]
    folders = (
        {above for path in files for above in [*upwards(path)][1:] if above} if idle else set()
    )
    hold([UsageError(_message(it, folders), it.place) for it in idle if it.setting in _NEEDED])
    notes = [f"{it.place}: {_message(it, folders)}" for it in idle if it.setting not in _NEEDED]
    return (*notes, *_lost_prefixes(settings, folder))


def _is_used(glob: WrittenGlob, folder: Folder, files: Sequence[str]) -> bool:
    if glob.setting == "runners" and "**" not in glob.pattern:
        return bool(expand_glob(folder, glob.pattern))
    pattern = glob_below(glob.folder, glob.pattern.removeprefix("!"))
    matches: Callable[[str], bool] = path_matcher([pattern])
    if any(map(matches, files)):
        return True
    # A walk finds no files of modules, which are left out or accepted all the same.
    path = (
        f"{glob.folder}{_plain_part(glob) if pattern.endswith('*') else glob.pattern.lstrip('!')}"
    )
    is_of_module = pattern.endswith((".tf", ".tofu")) or folder.kind(path) is not None
    return glob.setting not in _NEEDED and is_of_module


def _plain_part(glob: WrittenGlob) -> str:
    """The folder that a glob is in, or else what it begins with."""
    names = glob.pattern.removeprefix("!").strip("/").split("/")
    fixed = next((at for at, name in enumerate(names) if is_glob(name)), len(names) - 1)
    return "/".join(names[:fixed]) or names[0]


def _message(glob: WrittenGlob, folders: set[str]) -> str:
    """What is wrong with a glob, and the nearest of the folders where its own is not among them."""
    wanted = _plain_part(glob)
    near = {it.removeprefix(glob.folder) for it in folders if it.startswith(glob.folder)}
    hint = "" if wanted in near else nearest(wanted, near)
    return f'{glob.setting}: no file matches "{glob.pattern}"{hint}'


def _lost_prefixes(settings: Settings, folder: Folder) -> Iterator[str]:
    for prefix, target in settings.prefixes.items():
        if folder.kind(target) != "folder":
            origin = settings.origins.get("prefixes", "settings")
            yield f'{origin}: prefixes: the target "{target}" of "{prefix}" is not a folder'


def nothing_to_check(
    given: Given, empty: Sequence[str] = (), not_checked: Sequence[str] = ()
) -> str:
    """Why there is nothing to check, and what would be; `empty` are plans without tags, and
    `not_checked` says of files what keeps them from being jobs."""
    if empty:
        return f"nothing to check: {', '.join(empty)}: no resource with tags"
    if not given.named and not given.walked:
        return (
            "nothing to check: no YAML or JSON files; name a .tf file to lint the jobs that use it"
        )
    count = len(given.named) + len(given.walked)
    files = f"no Dativo job in {count} files"
    if count == 1:
        files = f"{(*given.named, *given.walked)[0]} is not a Dativo job, and no job uses it"
    return "\n".join((f"nothing to check: {files}; {A_JOB}", *not_checked))


def no_rendered_set(path: str) -> str:
    """What is wrong with a file that was called a rendered set."""
    return (
        f"{path} contains no rendered tag set; expected a plan in JSON, a variables file, "
        "properties of a table, or a mapping of tags"
    )
