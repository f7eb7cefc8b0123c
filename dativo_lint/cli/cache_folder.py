"""The default folder of the cache."""

from __future__ import annotations

import os

from dativo_lint.errors import UsageError

_NAME = "dativo-lint"


def cache_folder(asked: str | None, root: str, *, is_wanted: bool) -> str | None:
    """The folder of the cache, None for no cache.

    By default it lies where caches of the user lie (`XDG_CACHE_HOME`, else `~/.cache`), and there
    is none where that is inside the repository. Raises UsageError for what is no folder, and where
    a cache is asked for and refused at once.
    """
    if asked is not None and not is_wanted:
        raise UsageError("--cache-dir names a cache, and --no-cache asks for none")
    if not is_wanted:
        return None
    if asked is not None:
        if os.path.lexists(asked) and not os.path.isdir(asked):
            raise UsageError(f"--cache-dir: {asked} is not a folder")
        return os.path.abspath(asked)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(home, _NAME)
    inside = os.path.join(os.path.realpath(root), "")
    is_inside = os.path.join(os.path.realpath(folder), "").startswith(inside)
    return None if is_inside or not os.path.isabs(folder) else folder
