"""Individual: a monorepo of many people; no two jobs share what they need not share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from benchmarks.defects import DEFECTS, Defect, pick
from benchmarks.jobs import Draft, infrastructure
from benchmarks.names import Names
from benchmarks.own_assets import own_asset, own_asset_text
from benchmarks.own_defects import module_defects
from benchmarks.own_jobs import ENVIRONMENTS, own_job, own_tenant
from benchmarks.own_modules import Module, own_module
from benchmarks.repository import Repository
from benchmarks.style import any_style, styled_text
from benchmarks.yaml_text import Text

JOBS_AN_ASSET = 3
JOBS_A_MODULE = 15
_SCHEDULED = 0.03

SETTINGS = f"""\
rules:
  malformed-cost-center:
    params: {{pattern: "[A-Za-z]{{2,5}}-[0-9]{{3,5}}"}}
  unknown-environment:
    params: {{one_of: [{", ".join(ENVIRONMENTS)}]}}
  unclassified-column:
    params: {{columns: [email, phone, ssn]}}
  dagster-metadata-only: note
  ambiguous-list-merge: note
"""

_HARSH = {"unreadable-file", "too-many-tags", "unreadable-module", "duplicate-key"}
_SLIPS = [defect for defect in DEFECTS if defect.rule not in _HARSH]
"""What happens to people who mean well."""

Choice = Callable[[Draft, Module, Random], Sequence[Defect]]
"""The defects that a job is given."""


def write_individual(folder: Path, jobs: int, seed: int) -> None:
    """Write jobs, each in a style of its own, with assets and modules of their own."""
    write_own(folder, jobs, seed, _some_slips)


def _some_slips(job: Draft, module: Module, rng: Random) -> Sequence[Defect]:
    return [
        pick((*_SLIPS, *module_defects(module)), job, rng) for _ in range(rng.choice((0, 1, 1)))
    ]


def write_own(folder: Path, jobs: int, seed: int, choose: Choice) -> None:
    """Write jobs that share nothing, with the defects that are chosen for them."""
    names = Names(Random(seed))
    with Repository(folder) as repository:
        repository.write(".dativo-lint.yml", SETTINGS)
        repository.connector("connectors/iceberg.yaml", "iceberg", "target")
        for first in range(0, jobs, JOBS_A_MODULE):
            _write_division(
                repository, range(first, min(first + JOBS_A_MODULE, jobs)), names, choose
            )


def _write_division(repository: Repository, numbers: range, names: Names, choose: Choice) -> None:
    """The jobs around one module, of one tenant, with an asset for every few of them."""
    tenant, division = own_tenant(names), names.name("-")
    provider = names.rng.choice(("aws", "aws", "gcp"))
    own, resources = names.rng.randint(2, 9), names.rng.randint(0, 5)
    module_path = f"modules/{provider}/{division}-{numbers[0]}"
    module = own_module(module_path, provider, names, own, resources)
    repository.write_all(module.path, module.files)
    for number in numbers:
        if number % JOBS_AN_ASSET == 0:
            asset = own_asset(f"{division}/{names.word()}", names)
            repository.write(asset.path, own_asset_text(asset, number))
            connector = f"connectors/{division}/{asset.source}_{number}.yaml"
            repository.connector(connector, asset.source, "source")
        folder = f"jobs/{division}/{'/'.join(names.words(0, 2))}".rstrip("/")
        path = f"{folder}/{names.name('-')}_{number:06d}.yaml"
        job = own_job(path, tenant, asset, module, connector, names)
        for defect in choose(job, module, names.rng):
            _spoil(repository, job, defect, module, number)
        _write_job(repository, job, names)


def _spoil(repository: Repository, job: Draft, defect: Defect, module: Module, number: int) -> None:
    """Give a job a defect, in an asset or a module of its own where the defect is there."""
    shared = job.asset.path
    defect.edit(job)
    files = [job.path]
    if job.asset.path != shared:
        repository.write(job.asset.path, own_asset_text(job.asset, number))
        files.append(job.asset.path)
    if job.flaw is not None:
        path = f"modules/aws/flawed-{job.flaw}-{number}"
        files += repository.write_all(path, module.flawed(job.flaw))
        infrastructure(job)["terraform_module"] = Text(f"./{path}")
        job.flaw = None
    repository.seed(defect.rule, files)


def _write_job(repository: Repository, job: Draft, names: Names) -> None:
    style = any_style(names)
    text = styled_text(job.body, style, names) + "".join(f"{line}\n" for line in job.tail)
    repository.write(job.path, text, style.line_break)
    if names.chance(_SCHEDULED):
        cron = f"{names.number(0, 59)} {names.number(0, 23)} * * *"
        repository.schedule(job.path, cron, {"team": Text(names.word())})
