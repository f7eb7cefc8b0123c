"""Where verdicts are kept from run to run, unless somebody says otherwise."""

from __future__ import annotations

import os

from dativo_lint.misuse import Misuse
from dativo_lint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "dativo-lint"


def cache_folder(asked: str | None, root: str, *, is_wanted: bool) -> Path | None:
    """The folder of the cache, None for no cache.

    By default it lies where caches of the user lie (`XDG_CACHE_HOME`, else `~/.cache`), and there
    is none where that is inside the repository. Raises Misuse for what is no folder, and where a
    cache is asked for and refused at once.
    """
    if asked is not None and not is_wanted:
        raise Misuse("--cache-dir names a cache, and --no-cache asks for none")
    if not is_wanted:
        return None
    from pathlib import Path

    if asked is not None:
        if os.path.lexists(asked) and not os.path.isdir(asked):
            raise Misuse(f"--cache-dir: {asked} is no folder")
        return Path(asked).absolute()
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(home) / _NAME
    if not folder.is_absolute() or folder.resolve().is_relative_to(os.path.realpath(root)):
        return None
    return folder
