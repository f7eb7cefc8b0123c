"""How fast the readers are: Terraform's native syntax, and YAML with and without places, in MB a
second and against PyYAML's C loader."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import yaml

from dativo_lint.documents.document import Reading
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.terraform.native import parse

ROUNDS = 7
_FIELD = ("infrastructure", "provider")
EXAMPLES = [Path("examples/aws"), Path("examples/gcp")]


def speed(read: Callable[[str], object], texts: list[str]) -> float:
    """Megabytes a second of CPU time, the median of some rounds over all texts."""
    size = sum(len(text.encode()) for text in texts)
    taken = []
    for _ in range(ROUNDS):
        start = process_time()
        for text in texts:
            read(text)
        taken.append(process_time() - start)
    return size / median(taken) / 1e6


def texts_below(folders: list[Path], suffix: str) -> list[str]:
    """The texts with a suffix below folders, so often that a round takes a while."""
    texts = [path.read_text("utf-8") for it in folders for path in sorted(it.rglob(f"*{suffix}"))]
    size = sum(map(len, texts))
    if not size:
        raise SystemExit(f"no *{suffix} below {', '.join(map(str, folders))}")
    return texts * max(1, 400_000 // size)


def main() -> None:
    """Print the speed of the reader over folders, and its ratio to PyYAML's C loader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=EXAMPLES)
    folders = parser.parse_args().folders
    terraform = speed(parse, texts_below(folders, ".tf"))
    jobs = [text for text in texts_below(folders, ".yaml") if "asset_path:" in text]
    libyaml = speed(lambda text: yaml.load(text, yaml.CSafeLoader), jobs)
    ours = speed(_read, jobs)
    placed = speed(lambda text: [it.place(_FIELD) for it in _read(text).documents], jobs)
    print("| what is read | MB/s | × CSafeLoader |\n| --- | ---: | ---: |")
    for name, its in (
        ("YAML by CSafeLoader", libyaml),
        ("YAML here", ours),
        ("YAML here, and a place in each file", placed),
        ("Terraform", terraform),
    ):
        print(f"| {name} | {its:.1f} | {its / libyaml:.1f} |")


def _read(text: str) -> Reading:
    return read_yaml("job.yaml", text.encode())


if __name__ == "__main__":
    main()
