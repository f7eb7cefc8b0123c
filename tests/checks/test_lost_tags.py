"""Tags that do not arrive: each gap is told once, by one rule, for the whole module."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.engine.selection import Given
from dativo_lint.findings.report import Report
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.settings import Settings, settings_from

GAPS = {"untagged-resource", "job-tags-not-applied", "lost-tag"}
RULES = [rule for rule in builtin_rules() if rule.id in GAPS]
JOB = """
finops: {cost_center: FIN-001}
infrastructure:
  terraform_module: ./m
  tags: {Team: data, CostCenter: FIN-001}
"""
VARIABLES = """
variable "tags" { default = {} }
variable "more" {
  type    = map(string)
  default = {}
}
variable "finops_cost_center" { default = "" }
variable "is_made" { default = false }
"""
TAGS = (
    "",
    "tags = {}",
    'tags = { Name = "n" }',
    "tags = var.tags",
    "tags = var.more",
    'tags = { Team = var.tags["Team"] }',
    "tags = { cost-center = var.finops_cost_center }",
    'tags = merge(var.more, { Name = "n" })',
    "tags = data.aws_default_tags.all.tags",
)


def linted(main: str, jobs: int = 1) -> Report:
    """The gaps in a module that some jobs share."""
    files = {"m/main.tf": VARIABLES + main, **{f"{n}.yaml": JOB for n in range(jobs)}}
    paths = [f"{n}.yaml" for n in range(jobs)]
    return lint_folder(MemoryFolder(files), Given(paths, changed=True), Settings(Path("/")), RULES)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TAGS), st.booleans()), min_size=1, max_size=4))
def test_no_gap_is_told_twice_and_none_of_what_is_not_made(
    resources: list[tuple[str, bool]],
) -> None:
    main = "\n".join(
        f'resource "aws_sqs_queue" "q{n}" {{\n  {tags}\n'
        f"  count = {'1' if is_made else 'var.is_made ? 1 : 0'}\n}}"
        for n, (tags, is_made) in enumerate(resources)
    )
    report = linted(main)
    assert not report.crashes
    of_resources = [it for it in report.findings if it.rule.id != "lost-tag"]
    told = Counter(it.place.field for it in of_resources)
    assert all(number == 1 for number in told.values())
    made = {f"aws_sqs_queue.q{n}" for n, (_, is_made) in enumerate(resources) if is_made}
    assert told.keys() <= made
    lost = [it for it in report.findings if it.rule.id == "lost-tag"]
    # Where each resource has a finding of its own, nothing is left to say of single keys.
    assert not lost or made - told.keys()
    assert len(lost) == len({it.message for it in lost})


@pytest.mark.parametrize("tags", ["", "tags = {}"])
def test_a_required_key_is_the_only_gap_of_a_resource_without_tags(tags: str) -> None:
    main = f'resource "aws_sqs_queue" "q" {{ {tags} }}'
    rules = [it for it in builtin_rules() if it.id in {*GAPS, "missing-cloud-tag"}]
    owned = settings_from({"rules": {"missing-cloud-tag": {"params": {"keys": ["Team"]}}}}, "/")
    files = {"m/main.tf": VARIABLES + main, "0.yaml": JOB}
    report = lint_folder(MemoryFolder(files), Given(["0.yaml"]), owned, rules)
    assert [(it.rule.id, it.place.field) for it in report.findings] == [
        ("missing-cloud-tag", "aws_sqs_queue.q")
    ]


def test_a_gap_is_told_once_for_a_module_and_mentions_the_jobs_that_share_it() -> None:
    report = linted('resource "aws_sqs_queue" "q" { tags = { Team = var.tags["Team"] } }', jobs=3)
    (lost,) = report.findings
    assert lost.rule.id == "lost-tag"
    assert "infrastructure.tags.CostCenter" in lost.message
    assert {"0.yaml", "1.yaml", "2.yaml"} <= {it.place.path for it in lost.mentions}
