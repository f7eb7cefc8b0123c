"""A made-up monorepo of Dativo jobs, the same for the same seed, with a list of seeded defects."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.assets import asset_text
from benchmarks.defects import pick
from benchmarks.jobs import Draft, draft
from benchmarks.modules import FLAWS, module_files
from benchmarks.shop import SOURCES, Asset, asset, tenants
from benchmarks.yaml_text import Block, yaml_text

MANIFEST = "seeded.json"
_JOBS_AN_ASSET = 10
_JOBS_A_MODULE = 200
_SCHEDULED = 20
"""One job in so many stands in the runner file."""

_SETTINGS = """\
# What the shop has decided beyond the rules themselves.
runners: [configs/runner.yaml]

rules:
  malformed-cost-center:
    params: {pattern: "(FIN|fin)-[0-9]{3}"}
  unknown-environment:
    params: {one_of: [dev, staging, production]}
  unclassified-column:
    params: {columns: [email, phone, ssn]}
"""
_UNRELATED = {
    ".gitignore": "__pycache__/\n*.tfstate\n.terraform/\n",
    ".github/workflows/ci.yml": """\
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make test
""",
    "package.json": '{"name": "portal", "private": true, "scripts": {"build": "vite build"}}\n',
    "deploy/dagster.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: dagster
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: dagster:1.9
""",
    "docs/catalogue.json": '[{"name": "orders", "steward": "sales"}]\n',
}


def write_monorepo(folder: Path, jobs: int, share: float, seed: int) -> None:
    """Write `jobs` jobs and what they refer to, a `share` of them with one defect each.

    The defects are listed in `MANIFEST`: the rule, and the files where it may be found broken.
    The folder is a repository root of its own.
    """
    for path, text in _UNRELATED.items():
        _write(folder, path, text)
    _write(folder, ".git/HEAD", "ref: refs/heads/main\n")
    _write(folder, ".dativo-lint.yml", _SETTINGS)
    for name in ("iceberg", *SOURCES):
        _write(folder, f"connectors/{name}.yaml", _connector(name))
    modules = _write_modules(folder, jobs)
    seeded = []
    schedules: list[Block] = []
    rng = Random(seed)
    for number, made in enumerate(_drafts(folder, jobs, modules, rng)):
        if rng.random() < share:
            seeded.append(_spoil(folder, made, rng))
        _write(folder, made.path, made.text)
        if number % _SCHEDULED == 0:
            schedules.append(_schedule(made))
    orchestrator: Block = {"schedules": schedules}
    runner: Block = {"runner": {"mode": "orchestrated", "orchestrator": orchestrator}}
    _write(folder, "configs/runner.yaml", yaml_text(runner))
    _write(folder, MANIFEST, json.dumps(seeded, indent=1))


def _drafts(folder: Path, jobs: int, modules: list[str], rng: Random) -> Iterator[Draft]:
    """The jobs, each asset written before the first job that refers to it."""
    owners = tenants(jobs, rng)
    its: Asset | None = None
    for number in range(jobs):
        if its is None or number % _JOBS_AN_ASSET == 0:
            its = asset(number // _JOBS_AN_ASSET, rng)
            _write(folder, its.path, asset_text(its))
        tenant = owners[number // (5 * _JOBS_AN_ASSET) % len(owners)]
        yield draft(number, tenant, its, rng.choice(modules), rng)


def _spoil(folder: Path, made: Draft, rng: Random) -> dict[str, object]:
    """Give a job a defect, in an asset of its own or a flawed module where the defect is there."""
    shared = made.asset.path
    defect = pick(made, rng)
    defect.edit(made)
    files = [made.path]
    if made.asset.path != shared:
        _write(folder, made.asset.path, asset_text(made.asset))
        files.append(made.asset.path)
    if made.flaw is not None:
        module = f"modules/aws/flawed-{made.flaw}"
        files += (f"{module}/{name}" for name in module_files("aws", made.flaw))
    return {"rule": defect.rule, "files": files}


def _write_modules(folder: Path, jobs: int) -> list[str]:
    """The sound modules, half of them for each provider; returns their folders."""
    paths = []
    for number in range(max(2, jobs // _JOBS_A_MODULE)):
        provider = ("aws", "gcp")[number % 2]
        paths.append(f"modules/{provider}/dativo-job-{number:03d}")
        _write_module(folder, paths[-1], module_files(provider))
    for flaw in FLAWS:
        _write_module(folder, f"modules/aws/flawed-{flaw}", module_files("aws", flaw))
    return paths


def _write_module(folder: Path, path: str, files: dict[str, str]) -> None:
    for name, text in files.items():
        _write(folder, f"{path}/{name}", text)


def _connector(name: str) -> str:
    role = "target" if name == "iceberg" else "source"
    return f"name: {name}\ntype: {name}\nroles: [{role}]\ndefault_engine:\n  type: native\n"


def _schedule(made: Draft) -> Block:
    name = made.path.rsplit("/", 1)[-1].removesuffix(".yaml")
    return {
        "name": f"{name}_daily",
        "config": made.path,
        "cron": '"15 2 * * *"',
        "tags": {"team": f"{made.asset.domain}-data"},
    }


def _write(folder: Path, path: str, text: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def main() -> None:
    """Write a monorepo into an empty folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--defects", type=float, default=0.05, help="share of defective jobs")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--force", action="store_true", help="replace what was written before")
    options = parser.parse_args()
    if options.folder.exists() and any(options.folder.iterdir()):
        if not (options.force and (options.folder / MANIFEST).is_file()):
            parser.error(f"{options.folder} is not empty; --force replaces an older monorepo only")
        shutil.rmtree(options.folder)
    write_monorepo(options.folder, options.jobs, options.defects, options.seed)


if __name__ == "__main__":
    main()
