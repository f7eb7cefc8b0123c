"""Floor (b): a fresh Python that loads every listed file with CSafeLoader, and nothing else."""

from __future__ import annotations

import sys

import yaml


def main(listing: str) -> None:
    """Load the files that a text lists, one a line; broken ones cost what they cost."""
    with open(listing, encoding="utf-8") as stream:
        paths = stream.read().split("\n")
    for path in paths:
        with open(path, "rb") as file:
            try:
                yaml.load(file.read(), Loader=yaml.CSafeLoader)
            except yaml.YAMLError:
                continue


if __name__ == "__main__":
    main(sys.argv[1])
