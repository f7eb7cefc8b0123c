"""What a job supplies, held against what its module declares."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from memory_folder import MemoryFolder
from rule_answers import judge, rules

from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.loading import JobLoader
from dativo_lint.jobs.repository import Repository

TERRAFORM = sorted(it.id for it in rules().values() if it.family == "terraform")
NAMES = ["subnet", "role", "retries", "finops_project", "infrastructure_vcpu", "job_name", "x-y"]


def a_job(job: dict[str, Any], **module: str) -> Job:
    """A job that names a module, of whose files the contents are given."""
    files = {f"modules/job/{name}.tf": text for name, text in module.items()}
    files["job.json"] = json.dumps({"asset_path": "asset.json", **job})
    files["asset.json"] = '{"asset": {"name": "orders"}}'
    repository = Repository(MemoryFolder(files))
    return JobLoader(repository, {}).load(repository.reading("job.json").documents[0])


def naming(terraform_vars: object, **block: object) -> dict[str, Any]:
    """A job with these variables for the module."""
    return {
        "infrastructure": {
            **block,
            "terraform_module": "./modules/job",
            "terraform_vars": terraform_vars,
        }
    }


def answers(rule: str, job: Job) -> list[Violation | Unresolved]:
    """What a built-in rule says of a job."""
    return list(judge(rule)(job))


@given(
    st.sets(st.sampled_from(NAMES)),
    st.sets(st.sampled_from(NAMES)),
    st.sets(st.sampled_from(NAMES)),
)
def test_missing_is_required_less_supplied_and_undeclared_is_given_less_declared(
    required: set[str], optional: set[str], given_: set[str]
) -> None:
    optional -= required
    text = "".join(f'variable "{name}" {{}}\n' for name in sorted(required))
    text += "".join(f'variable "{name}" {{\n  default = 1\n}}\n' for name in sorted(optional))
    job = a_job(naming(dict.fromkeys(sorted(given_), 1)), main=text)

    missing = answers("missing-module-variable", job)
    undeclared = answers("undeclared-module-variable", job)
    shadowed = answers("shadowed-platform-variable", job)

    if not required | optional:
        return
    assert sorted(required - given_ - {"job_name"}) == sorted(
        answer.mentions[-1].at.name for answer in missing
    )
    assert sorted(given_ - required - optional) == sorted(
        answer.at.place.field.partition("terraform_vars")[2].strip('.["]') for answer in undeclared
    )
    assert len(given_ & {"job_name"}) == len(shadowed)


def test_a_secret_stays_out_of_every_answer() -> None:
    secret = "hunter2"
    module = 'variable "job_name" {\n  sensitive = true\n}\nvariable "vpc" {}\n'
    job = a_job(naming({"job_name": secret, "other": secret, "tags": secret}), main=module)
    told = [answer for rule in TERRAFORM for answer in answers(rule, job)]
    assert len(told) >= 3
    assert not any(secret in repr(answer) for answer in told if isinstance(answer, Unresolved))
    for answer in told:
        mentions = answer.mentions if isinstance(answer, Violation) else ()
        assert secret not in " ".join([answer.message, *(it.sentence for it in mentions)])


def test_thousands_of_unknown_names_are_told_and_few_of_them_searched_for() -> None:
    module = "".join(f'variable "known_{n}" {{\n  default = 1\n}}\n' for n in range(2000))
    job = a_job(naming({f"unknown_{n}": 1 for n in range(2000)}), main=module)
    told = answers("undeclared-module-variable", job)
    assert 2000 == len(told)
    assert len([answer for answer in told if "nearest" in answer.message]) <= 20


def test_long_names_do_not_make_long_messages() -> None:
    name = "n" * 5000
    job = a_job(naming({f"{name}x": 1, "job_name": 1}), main=f'variable "{name}" {{}}\n')
    told = [answer for rule in TERRAFORM for answer in answers(rule, job)]
    assert len(told) >= 3
    assert all(len(answer.message) < 1000 for answer in told)
    for address in (f"a//../{name}", f"{name}://x"):
        job = a_job({"infrastructure": {"terraform_module": address}})
        (answer,) = answers("invalid-module-source", job)
        assert len(answer.message) < 1000


def test_a_variable_that_cannot_be_read_whole_is_never_missing() -> None:
    job = a_job(naming({}), main='variable "subnet" {\n  type = string\n')
    assert [] == answers("missing-module-variable", job)
    assert answers("unreadable-module", job)


def test_what_cannot_be_read_may_declare_it() -> None:
    job = a_job(naming({"subnet": 1}, provider="aws"), main="variable\n")
    assert [Unresolved] == [type(answer) for answer in answers("undeclared-module-variable", job)]
    assert [] == answers("unused-infrastructure-metadata", job)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=6,
) | st.sampled_from(["${x}", "./modules/job", "modules/job", "a/b/c", "s3::x", "git@h:x", "//", ""])
tokens = st.lists(
    st.sampled_from(
        ['variable "subnet" {', "}", "{", '"', "default =", "1", "\n", "[", "${", "\0"]
    ),
    max_size=12,
).map(" ".join)


@given(st.sampled_from(TERRAFORM), values, values, tokens)
def test_no_job_and_no_module_makes_a_terraform_rule_raise(
    rule: str, terraform_vars: object, address: object, text: str
) -> None:
    block = {"provider": "aws", "vcpu": terraform_vars, "terraform_module": address}
    job = a_job(
        {"infrastructure": {**block, "terraform_vars": terraform_vars}, "environment": address},
        main=text,
    )
    for answer in answers(rule, job):
        assert answer.at.place.line >= 1
        assert len(answer.message) < 1000
        if isinstance(answer, Violation):
            assert all(mention.at.place.path for mention in answer.mentions)


REFERENCES = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            [
                "${terraform_output.",
                "${ terraform_output . ",
                "${terraform_output.\n ",
                "terraform_output",
                "${terraform\\x5foutput.",
                "arn",
                "lost",
                "arn-2",
                "}",
                " ",
                "\\x61rn}",
                "''",
                "# ",
            ]
        ),
        max_size=8,
    ),
)


@given(st.lists(REFERENCES, min_size=1, max_size=3), st.sampled_from(['"{}"', "'{}'", "{}"]))
def test_unknown_outputs_are_those_that_some_value_of_the_job_names(
    texts: list[str], quoted: str
) -> None:
    lines = "".join(f"  k{at}: {quoted.format(it)}\n" for at, it in enumerate(texts))
    text = f"infrastructure:\n  terraform_module: ./m\n{lines}"
    files = {"job.yaml": text, "m/main.tf": 'output "arn" {}\noutput "arn-2" {}\n'}
    repository = Repository(MemoryFolder(files))
    reading = repository.reading("job.yaml")
    assume(not reading.is_broken)
    job = JobLoader(repository, {}).load(reading.documents[0])

    said = {
        it.field.route: it.text or ""
        for it in job.scalars(("infrastructure",))
        if "terraform_output" in (it.text or "")
    }
    wanted = {
        (route, name)
        for route, value in said.items()
        for name in re.findall(r"\$\{\s*terraform_output\s*\.\s*([^\W\d][\w-]*)", value)
        if name not in ("arn", "arn-2")
    }
    found = answers("unknown-terraform-output", job)
    assert {route for route, _ in wanted} == {it.at.route for it in found}
    assert len(wanted) == len(found)
