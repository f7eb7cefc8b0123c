"""The tables of sizes, held against the vendors' own words; and input that is no size."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_answers import answers, judge, messages, rules

from dativo_lint.checks import prepare
from dativo_lint.checks.tables import Range, comparable, read_cell
from dativo_lint.checks.violation import Violation
from dativo_lint.documents.document import Document
from dativo_lint.jobs.job import Job

GIB = 1024


def fargate_pairs() -> set[tuple[float, int]]:
    """The pairs as the vendor's page words them, in GiB."""
    worded: list[tuple[float, list[float] | range]] = [
        (0.25, [0.5, 1, 2]),
        (0.5, range(1, 5)),
        (1, range(2, 9)),
        (2, range(4, 17)),
        (4, range(8, 31)),
        (8, range(16, 61, 4)),
        (16, range(32, 121, 8)),
        (32, [60, 120, 244]),
    ]
    return {(vcpu, int(gib * GIB)) for vcpu, sizes in worded for gib in sizes}


def test_fargate_takes_exactly_the_pairs_that_the_vendor_words() -> None:
    vcpus = [0.1, 0.125, 0.25, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64]
    ready = judge("invalid-fargate-size")
    taken = set()
    for vcpu, memory in product(vcpus, range(512, 256 * GIB + 1, 512)):
        job = Document("job.yaml", "", {"infrastructure": {"vcpu": vcpu, "memory_mb": memory}})
        if not any(ready(Job(config=job, references={}))):
            taken.add((vcpu, memory))
    assert fargate_pairs() == taken
    assert len(taken) == 77


@given(st.sampled_from(sorted(fargate_pairs())), st.sampled_from([1, 256, 511, 513, 1000]))
def test_fargate_takes_nothing_beside_its_steps(pair: tuple[float, int], off: int) -> None:
    vcpu, memory = pair
    assert [] == answers("invalid-fargate-size", {"vcpu": vcpu, "memory_mb": memory})
    if (vcpu, memory + off) not in fargate_pairs():
        assert answers("invalid-fargate-size", {"vcpu": vcpu, "memory_mb": memory + off})


@given(st.integers(80, 999))
def test_a_step_is_exact_however_the_fraction_is_written(thousandths: int) -> None:
    vcpu = f"0.{thousandths:03}"
    for written in (float(vcpu), vcpu, f"+{vcpu}", f"{vcpu}0"):
        assert [] == answers("invalid-cloud-run-size", {"vcpu": written, "memory_mb": 256})
    for off in (float(f"{vcpu}5"), f"{vcpu}5", f"{vcpu}000001"):
        assert answers("invalid-cloud-run-size", {"vcpu": off, "memory_mb": 256})


@given(st.integers(128, 196608))
def test_whole_cpu_units_fit_ecs_on_ec2_and_halves_do_not(units: int) -> None:
    assert [] == answers("invalid-ecs-ec2-size", {"vcpu": units / 1024})
    assert answers("invalid-ecs-ec2-size", {"vcpu": (units - 0.5) / 1024})


def test_both_generations_of_functions_are_told_apart() -> None:
    sizes = range(128, 9000)
    first = {
        size
        for size in sizes
        if not answers(
            "invalid-cloud-function-size", {"memory_mb": size, "runtime": {"generation": 1}}
        )
    }
    assert {128 << doublings for doublings in range(7)} == first
    block = {"memory_mb": 3000, "runtime": {"generation": "${GENERATION}"}}
    assert ['infrastructure.runtime.generation is "${GENERATION}"; the limits depend on it'] == (
        messages("invalid-cloud-function-size", block)
    )


def test_functions_of_the_second_generation_take_what_cloud_run_takes() -> None:
    vcpus = [0.08, 0.25, 0.499, 0.5, 0.999, 1, 2, 3, 4, 6, 8]
    memories = [128, 511, 512, 513, 1024, 1025, 2047, 2048, 4095, 4096, 4097, 8192, 8193]
    memories += [16384, 16385, 24576, 24577, 32768, 32769]
    for vcpu, memory in product(vcpus, memories):
        size: dict[str, Any] = {"vcpu": vcpu, "memory_mb": memory}
        on_cloud_run = bool(answers("invalid-cloud-run-size", size))
        as_function = {**size, "runtime": {"generation": 2}}
        assert on_cloud_run == bool(answers("invalid-cloud-function-size", as_function)), size


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
) | st.sampled_from([1 << 40_000, -(1 << 40_000), "9" * 5000, "1e999", "nan", "${x}", 1e308])


@given(
    st.sampled_from(sorted(it.id for it in rules().values() if it.family == "compute")),
    anything,
    anything,
    anything,
    st.sampled_from(["aws", "gcp", 12]) | anything,
)
def test_no_value_makes_a_size_rule_raise(
    rule: str, vcpu: object, memory: object, runtime: object, provider: object
) -> None:
    block = {
        "provider": provider,
        "compute_type": vcpu,
        "vcpu": vcpu,
        "memory_mb": memory,
        "runtime": runtime,
    }
    for answer in answers(rule, block):
        assert len(answer.message) < 1000
        assert answer.at.place.path == "job.yaml"
        if isinstance(answer, Violation):
            assert all(mention.at.place.path == "job.yaml" for mention in answer.mentions)


@given(st.lists(st.integers(1, 20), min_size=1), st.integers(1, 25))
def test_a_list_allows_its_members_and_nothing_else(members: list[int], value: int) -> None:
    assert (value in members) == read_cell(tuple(members)).allows(value)


@given(st.integers(0, 50), st.integers(1, 50), st.integers(1, 9), st.integers(0, 120))
def test_a_range_allows_what_counting_reaches(low: int, span: int, step: int, value: int) -> None:
    cell = read_cell(Range(low=low, high=low + span, step=step))
    reached = range(low, low + span + 1, step)
    assert (value in reached) == cell.allows(value)
    near = cell.around(value)
    assert all(cell.allows(one) for one in near)
    assert not near or near[0] <= value


@pytest.mark.parametrize("value", [None, True, False, 0, 0.0, -1, "0", float("nan"), [], {}])
def test_what_is_no_size_is_not_compared(value: object) -> None:
    assert comparable(value) is None


def test_a_row_has_a_cell_for_each_column() -> None:
    columns = ["infrastructure.vcpu", "infrastructure.memory_mb"]
    with pytest.raises(ValueError, match="row 1 has 1 cells; expected 2"):
        prepare("allowed_rows", {"columns": columns, "rows": [[1]]})


@pytest.mark.parametrize("step", [0, -1, "1/0", "often"])
def test_a_step_moves_on(step: float | str) -> None:
    with pytest.raises(ValueError, match="expected a number above zero"):
        read_cell(Range(low=1, high=2, step=step))


def test_what_decides_on_the_table_is_mentioned() -> None:
    block = {"vcpu": 0.5, "memory_mb": 1024, "runtime": {"os": "windows"}}
    (found,) = answers("invalid-fargate-size", block)
    assert isinstance(found, Violation)
    assert ['os is "windows"'] == [mention.sentence for mention in found.mentions]
