"""What `tags --format rendered` writes is in agreement with its job when it is read back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from job_samples import ASSETS, JOBS, SCALARS, VALUES, written
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.cli.tag_forms import rendered
from dativo_lint.engine.loading import job_loader
from dativo_lint.engine.selection import FileSelection, Given
from dativo_lint.jobs.kinds import Kind, kind_of
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.reports.escape import json_text
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.settings import settings_from

EXAMPLES = Path(__file__).parents[2] / "examples"
RULES = [rule for rule in builtin_rules() if rule.check == "rendered_matches_job"]
MODULES = {
    folder.relative_to(EXAMPLES).as_posix(): {
        f"module/{path.relative_to(folder).as_posix()}": path.read_text("utf-8")
        for path in folder.rglob("*.tf")
    }
    for folder in sorted(EXAMPLES.glob("*/modules/*"))
}
RUNNER = """\
runner:
  orchestrator:
    schedules:
      - {name: nightly, config: job.yaml, tags: {priority: high, "7": 7, when: 2026-01-01}}
      - {name: weekly, config: job.yaml, tags: {priority: low, infrastructure_env: x}}
"""
CONFIG = {"runners": ["runner.yaml"]}


def disagreements(files: Mapping[str, str], path: str, config: Mapping[str, Any]) -> list[str]:
    """What the rules about rendered sets find in those of a job, one for every sink."""
    options = settings_from(dict(config), Path("/"))
    selector = FileSelection(MemoryFolder(files), options, Given([path]))
    loader = job_loader(selector)
    documents = selector.repository.reading(path).documents
    if [kind_of(document) for document in documents] != [Kind.JOB]:
        return []
    job = loader.load(documents[0])
    sets = {f"{sink}.json": json_text(rendered(job, sink)) for sink in RECEIVING}
    given_sets = Given(list(sets), rendered=tuple(sets))
    report = lint_folder(MemoryFolder({**files, **sets}), given_sets, options, RULES)
    assert len(sets) == report.rendered
    assert () == report.crashes
    return [f"{it.place.path}: {it.message} [{it.rule.id}]" for it in report.findings]


def _with(job: dict[str, Any], more: dict[str, Any], block: dict[str, Any]) -> dict[str, Any]:
    """A job with some more fields, and some more in its infrastructure block where it has one."""
    whole = {**job, **more}
    if isinstance(whole.get("infrastructure"), dict):
        whole["infrastructure"] = {**whole["infrastructure"], **block}
    return whole


NAMES = st.sampled_from(["tenant_id", "job_name", "tags", "environment", "password", "x.y"])
WHOLE_JOBS = st.builds(
    _with,
    JOBS,
    st.fixed_dictionaries(
        {"asset_path": st.just("asset.yaml")},
        optional={"tenant_id": SCALARS, "environment": VALUES},
    ),
    st.fixed_dictionaries(
        {"terraform_module": st.just("./module")},
        optional={
            "resource_refs": VALUES,
            "provider": st.sampled_from(["aws", "gcp"]),
            "terraform_vars": st.dictionaries(NAMES, VALUES, max_size=3),
            "tags": st.dictionaries(
                st.sampled_from(["Env", "env", "Team", "CostCenter", "infrastructure.Env"]),
                st.one_of(st.sampled_from(["prod", "${X}"]), SCALARS),
            ),
        },
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(job=WHOLE_JOBS, asset=ASSETS, module=st.sampled_from(["", *MODULES]))
def test_what_is_rendered_of_any_job_agrees_with_it(job: Any, asset: Any, module: str) -> None:
    files = {"job.yaml": written(job), "asset.yaml": written(asset), "runner.yaml": RUNNER}
    assert [] == disagreements({**files, **MODULES.get(module, {})}, "job.yaml", CONFIG)


@pytest.mark.parametrize("name", [folder.name for folder in EXAMPLES.iterdir() if folder.is_dir()])
def test_what_is_rendered_of_an_example_agrees_with_it(name: str) -> None:
    folder = EXAMPLES / name
    files = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.suffix in (".yaml", ".tf", ".json")
    }
    for path in sorted(files):
        if path.startswith("jobs/"):
            assert [] == disagreements(files, path, {})
