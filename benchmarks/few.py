"""Few: forty jobs on big Terraform modules."""

from __future__ import annotations

from pathlib import Path
from random import Random

from benchmarks.defects import pick
from benchmarks.individual import SETTINGS
from benchmarks.names import Names
from benchmarks.own_assets import own_asset, own_asset_text
from benchmarks.own_defects import module_defects
from benchmarks.own_jobs import own_job, own_tenant
from benchmarks.own_modules import OPTIONAL, REQUIRED, Module, own_module
from benchmarks.repository import Repository
from benchmarks.style import any_style, styled_text
from benchmarks.variables import any_variable
from benchmarks.yaml_text import Node, Text

JOBS = 40
_JOBS_A_MODULE = 5
_FILES = 12
_NESTED = 6
_DEPTH = 2


def write_few(folder: Path, jobs: int, seed: int) -> None:
    """Write the jobs and their modules; there are never more than forty."""
    names = Names(Random(seed))
    with Repository(folder) as repository:
        repository.write(".dativo-lint.yml", SETTINGS)
        repository.connector("connectors/iceberg.yaml", "iceberg", "target")
        for number in range(min(jobs, JOBS)):
            if number % _JOBS_A_MODULE == 0:
                tenant = own_tenant(names)
                module = _big_module(
                    repository, ("aws", "gcp")[number // _JOBS_A_MODULE % 2], names
                )
            asset = own_asset(names.word(), names)
            repository.write(asset.path, own_asset_text(asset, number))
            connector = f"connectors/{asset.source}.yaml"
            repository.connector(connector, asset.source, "source")
            path = f"jobs/{tenant.name}/{names.name('-')}_{number:02d}.yaml"
            job = own_job(path, tenant, asset, module, connector, names)
            if names.chance(0.5):
                defect = pick(module_defects(module), job, names.rng)
                defect.edit(job)
                repository.seed(defect.rule, [path])
            style = any_style(names)
            repository.write(path, styled_text(job.body, style, names), style.line_break)


def _big_module(repository: Repository, provider: str, names: Names) -> Module:
    """A module of many files, with modules below it that it calls."""
    path = f"modules/{provider}/{names.name('-')}"
    module = own_module(path, provider, names, own=60, resources=30, asked=1)
    repository.write_all(path, module.files)
    repository.write_all(path, {f"{names.word()}.tf": _locals(names) for _ in range(_FILES)})
    calls = [_call(repository, path, provider, names, _DEPTH) for _ in range(_NESTED)]
    repository.write(f"{path}/calls.tf", "\n".join(calls))
    return module


def _call(repository: Repository, path: str, provider: str, names: Names, depth: int) -> str:
    """The call of a module in a folder below; the module is written, and calls others itself."""
    name = names.name()
    called = own_module(f"{path}/{name}", provider, names, own=8, resources=8, asked=1)
    repository.write_all(called.path, called.files)
    if depth > 1:
        inner = [_call(repository, called.path, provider, names, depth - 1) for _ in range(2)]
        repository.write(f"{called.path}/calls.tf", "\n".join(inner))
    lines = [f'module "{name}" {{', f'  source = "./{name}"', ""]
    lines += (f"  {it} = var.{it}" for it in (*REQUIRED, *OPTIONAL, "infrastructure_vcpu"))
    for variable in called.variables:
        if variable.value is not None:
            lines.append(f"  {variable.name} = {_expression(variable.value(names))}")
    lines += ["  tags = merge(local.tags, { Part = var.job_name })", "}", ""]
    return "\n".join(lines)


def _locals(names: Names) -> str:
    """Locals that go through lists and maps, and a variable that they hang on."""
    variable = any_variable(names)
    default = variable.default or "null"
    words = ", ".join(f'"{word}"' for word in names.words(5, 20))
    one, other, third = names.name(), names.name(), names.name()
    return f"""\
variable "{variable.name}" {{
  type    = {variable.type}
  default = {default}
}}

locals {{
  {one} = [for word in [{words}] : upper(word) if length(word) > 4]
  {other} = {{ for index, word in local.{one} : word => {{ rank = index, even = index % 2 == 0 }} }}
  {third} = merge(
    {{ for word, it in local.{other} : lower(word) => it.rank if it.even }},
    var.{variable.name} == null ? {{}} : {{ {names.word()} = 1 }},
    {{ {names.word()} = length(flatten([local.{one}, keys(local.{other})])) }},
  )
}}
"""


def _expression(value: Node) -> str:
    """A value in Terraform's syntax."""
    if isinstance(value, str):
        return f'"{value}"' if isinstance(value, Text) else value
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_expression(it)}' for key, it in value.items())} }}"
    return f"[{', '.join(map(_expression, value))}]"
