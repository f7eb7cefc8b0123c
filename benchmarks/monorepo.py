"""Monorepo: four kinds of made-up repositories, each the same for the same seed."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.copies import write_copies
from benchmarks.few import write_few
from benchmarks.individual import write_individual
from benchmarks.repository import MANIFEST
from benchmarks.troubled import write_troubled

KINDS: dict[str, Callable[[Path, int, int], None]] = {
    "copies": write_copies,
    "individual": write_individual,
    "troubled": write_troubled,
    "few": write_few,
}
"""What writes so many jobs for a seed into a folder, by the name of the kind."""

SEED = 20


def main() -> None:
    """Write a monorepo into an empty folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--force", action="store_true", help="replace what was written before")
    options = parser.parse_args()
    if options.folder.exists() and any(options.folder.iterdir()):
        if not (options.force and (options.folder / MANIFEST).is_file()):
            parser.error(f"{options.folder} is not empty; --force replaces an older monorepo only")
        shutil.rmtree(options.folder)
    options.folder.mkdir(parents=True, exist_ok=True)
    KINDS[options.kind](options.folder, options.jobs, options.seed)


if __name__ == "__main__":
    main()
