"""Same module: no rule about modules that has something to say is left out, whoever came before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from test_precedents import RUN

from dativo_lint.judging import assembler
from dativo_lint.settings import settings_from
from dativo_lint.subject.fitting import NOT_GIVEN
from dativo_lint.subject.library import Library
from dativo_lint.subject.sieves import sieves
from dativo_lint.subject.subject import Subject
from dativo_lint.texts.folder import MemoryFolder

MODULES = {
    "modules/sound/main.tf": """
variable "tags" { type = map(string) }
variable "size" {
  type    = number
  default = 1
  validation {
    condition     = var.size < 3
    error_message = "Too large."
  }
}
variable "environment" { default = "prod" }
resource "aws_s3_bucket" "it" { tags = merge(var.tags, { Environment = var.environment }) }
""",
    "modules/own/main.tf": """
variable "finops_project" { nullable = false }
variable "infrastructure_vcpu" { default = null }
resource "aws_s3_bucket" "it" { tags = { Environment = "prod", Project = var.finops_project } }
resource "aws_s3_bucket" "bare" {}
""",
    "modules/empty/main.tf": 'resource "aws_s3_bucket" "it" { tags = {} }\n',
    "modules/broken/main.tf": 'variable "x" {\n',
}
NAMES = st.sampled_from(["size", "environment", "tags", "job_name", "finops_project", "other"])
DATA = st.one_of(st.sampled_from([1, 1.0, True, 3, "3", "prod", "${X}", None, {"a": "b"}, [1]]))
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "terraform_module": st.one_of(
        st.sampled_from([f"./{it.rpartition('/')[0]}" for it in MODULES]),
        st.sampled_from(["./modules/none", "${M}", "git::https://a.b/c.git", "a/b/c", "", 1, None]),
    ),
    "terraform_vars": st.one_of(st.dictionaries(NAMES, DATA, max_size=4), DATA),
    "provider": st.sampled_from(["aws", "gcp", "${P}", None]),
    "vcpu": DATA,
    "tags": st.dictionaries(st.sampled_from(["Environment", "environment", "Project"]), DATA),
}
JOBS = st.fixed_dictionaries(
    {"infrastructure": st.fixed_dictionaries({}, optional=FIELDS)},
    optional={
        "environment": DATA,
        "asset_path": st.sampled_from(["none.yaml", "${A}"]),
        "finops": st.fixed_dictionaries({"project": DATA}),
    },
)


def assembled(*jobs: Any) -> list[Subject]:
    """Jobs beside the modules, put together by one who reads each module once."""
    files = {**MODULES, **{f"{n}.json": json.dumps(it) for n, it in enumerate(jobs)}}
    library = Library(MemoryFolder(files))
    made = assembler(library, settings_from({}, Path("/")), tuple)
    readings = [library.reading(f"{n}.json") for n in range(len(jobs))]
    return [made.subject(it.documents[0]) for it in readings]


@settings(max_examples=150)
@given(st.lists(JOBS, min_size=1, max_size=6))
def test_no_rule_that_has_something_to_say_of_a_module_is_left_out(jobs: list[Any]) -> None:
    for subject, job in zip(assembled(*jobs), jobs, strict=True):
        asked = {it.rule.id for it in RUN.speaking(subject)}
        # Alone, so that nothing that was asked for before can help.
        (fresh,) = assembled(job)
        speaking = {it.rule.id for it in RUN.concerning(fresh.job) if it.when or [*it.judge(fresh)]}

        assert speaking <= asked


@given(st.lists(JOBS, min_size=1, max_size=6))
def test_a_handover_is_in_question_where_a_sieve_lets_something_not_pass(jobs: list[Any]) -> None:
    for handover in (it.handover for it in assembled(*jobs) if it.handover is not None):
        if handover.all_open or handover.asset_is_unknown:
            continue
        given_ = {**handover.platform, **handover.own}
        expected = tuple(
            name
            for name, sieve in sieves(handover.module)
            if not (sieve.passes(given_[name].value) if name in given_ else sieve.passes_alone)
        )
        assert handover.in_question == expected


@given(st.lists(JOBS, min_size=1, max_size=3), st.lists(st.sampled_from(["tags", "odd", "size"])))
def test_what_is_handed_over_is_told_without_its_sources(jobs: list[Any], more: list[str]) -> None:
    for handover in (it.handover for it in assembled(*jobs) if it.handover is not None):
        given_ = {**handover.platform, **handover.own}
        assert handover.names == given_.keys()
        for names in ([*given_, *more], [*handover.platform], more):
            told = [given_[it].value if it in given_ else NOT_GIVEN for it in names]
            assert list(handover.data(names)) == told


@given(st.lists(JOBS, min_size=1, max_size=3))
def test_supplies_are_the_same_alone_and_with_their_sources(jobs: list[Any]) -> None:
    for subject in assembled(*jobs):
        for supplies in (subject.platform_supplies, subject.own_supplies):
            values = dict(zip(supplies, supplies.values_of(supplies.sources), strict=True))
            assert values == {name: it.value for name, it in supplies.items()}
            assert values == {name: supplies.value(name) for name in supplies}
            assert list(supplies) == list(supplies.outline.sources)
