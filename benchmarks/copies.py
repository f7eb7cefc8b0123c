"""Copies: a monorepo whose jobs repeat each other, as if one program had written them all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.assets import asset_text
from benchmarks.defects import DEFECTS, MODULE_DEFECTS, pick
from benchmarks.jobs import Draft, draft
from benchmarks.modules import FLAWS, module_files
from benchmarks.repository import Repository
from benchmarks.shop import SOURCES, Asset, asset, tenants

_SHARE = 0.05
_JOBS_AN_ASSET = 10
_JOBS_A_MODULE = 200
_SCHEDULED = 20
"""One job in so many stands in the runner file."""

_SETTINGS = """\
# What the shop has decided beyond the rules themselves.
rules:
  malformed-cost-center:
    params: {pattern: "(FIN|fin)-[0-9]{3}"}
  unknown-environment:
    params: {one_of: [dev, staging, production]}
  unclassified-column:
    params: {columns: [email, phone, ssn]}
  dagster-metadata-only: note
  ambiguous-list-merge: note
"""


def write_copies(folder: Path, jobs: int, seed: int, share: float = _SHARE) -> None:
    """Write jobs and what they refer to, a share of them with one seeded defect each."""
    rng = Random(seed)
    with Repository(folder) as repository:
        repository.write(".dativo-lint.yml", _SETTINGS)
        for name in ("iceberg", *SOURCES):
            role = "target" if name == "iceberg" else "source"
            repository.connector(f"connectors/{name}.yaml", name, role)
        modules = _write_modules(repository, jobs)
        for number, job in enumerate(_drafts(repository, jobs, modules, rng)):
            if rng.random() < share:
                _spoil(repository, job, rng)
            repository.write(job.path, job.text)
            if number % _SCHEDULED == 0:
                team = f"{job.asset.domain}-data"
                repository.schedule(job.path, "15 2 * * *", {"team": team})


def _drafts(repository: Repository, jobs: int, modules: list[str], rng: Random) -> Iterator[Draft]:
    """The jobs, each asset written before the first job that refers to it."""
    owners = tenants(jobs, rng)
    shared: Asset | None = None
    for number in range(jobs):
        if shared is None or number % _JOBS_AN_ASSET == 0:
            shared = asset(number // _JOBS_AN_ASSET, rng)
            repository.write(shared.path, asset_text(shared))
        tenant = owners[number // (5 * _JOBS_AN_ASSET) % len(owners)]
        yield draft(number, tenant, shared, rng.choice(modules), rng)


def _spoil(repository: Repository, job: Draft, rng: Random) -> None:
    """Give a job a defect, in an asset of its own or a flawed module where the defect is there."""
    shared = job.asset.path
    defect = pick((*DEFECTS, *MODULE_DEFECTS), job, rng)
    defect.edit(job)
    files = [job.path]
    if job.asset.path != shared:
        repository.write(job.asset.path, asset_text(job.asset))
        files.append(job.asset.path)
    if job.flaw is not None:
        module = f"modules/aws/flawed-{job.flaw}"
        files += (f"{module}/{name}" for name in module_files("aws", job.flaw))
    repository.seed(defect.rule, files)


def _write_modules(repository: Repository, jobs: int) -> list[str]:
    """The sound modules, half of them for each provider; returns their folders."""
    paths = []
    for number in range(max(2, jobs // _JOBS_A_MODULE)):
        provider = ("aws", "gcp")[number % 2]
        paths.append(f"modules/{provider}/dativo-job-{number:03d}")
        repository.write_all(paths[-1], module_files(provider))
    for flaw in FLAWS:
        repository.write_all(f"modules/aws/flawed-{flaw}", module_files("aws", flaw))
    return paths
