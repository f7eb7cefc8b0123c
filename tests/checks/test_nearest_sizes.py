"""Nearest sizes: each that a fix offers is one that the vendor takes, and none is nearer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.engine.selection import Given
from dativo_lint.findings.finding import Finding
from dativo_lint.fixes.texts import edited
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.settings import settings_from

RULES = {rule.id: rule for rule in builtin_rules()}
RUNTIMES = {
    "invalid-fargate-size": "aws, compute_type: fargate",
    "invalid-lambda-size": "aws, compute_type: lambda",
    "invalid-cloud-run-size": "gcp, compute_type: cloud-run",
    "invalid-cloud-function-size": (
        "gcp, compute_type: cloud-functions, runtime: {generation: gen2}"
    ),
}
VCPUS = (0.05, 0.3, 0.7, 1, 1.5, 4, 6, 9, 20, 300)
MEMORIES = (1, 500, 513, 1000, 2050, 4097, 9000, 33000, 999999)


def findings(rule: str, job: bytes) -> tuple[Finding, ...]:
    folder = MemoryFolder({"job.yaml": job})
    settings = settings_from({}, Path("/"))
    return lint_folder(folder, Given(["job.yaml"]), settings, [RULES[rule]]).findings


def offers(rule: str) -> Iterator[tuple[str, str]]:
    """The jobs with invalid sizes, each with a fix after which its finding is there again."""
    for vcpu, memory in product(VCPUS, MEMORIES):
        sizes = f"{{provider: {RUNTIMES[rule]}, vcpu: {vcpu}, memory_mb: {memory}}}"
        job = f"infrastructure: {sizes}\n".encode()
        for finding in findings(rule, job):
            assert finding.fixes, f"{rule} offers nothing for {vcpu} with {memory}"
            for fix in finding.fixes:
                again = findings(rule, edited(job, fix.edits))
                if any(it.place.field == finding.place.field for it in again):
                    yield job.decode(), fix.title


@pytest.mark.parametrize("rule", RUNTIMES)
def test_a_size_that_is_offered_is_accepted(rule: str) -> None:
    assert list(offers(rule)) == []


@pytest.mark.parametrize(
    ("rule", "vcpu", "memory", "expected"),
    [
        ("invalid-fargate-size", 1, 1024, ["memory_mb to 2048", "vcpu to 0.5"]),
        ("invalid-fargate-size", 4, 9000, ["memory_mb to 9216", "memory_mb to 8192"]),
        ("invalid-fargate-size", 3, 8192, ["vcpu to 4", "vcpu to 2"]),
        ("invalid-fargate-size", 0.7, 1024, ["vcpu to 0.5"]),
        ("invalid-lambda-size", 1, 100, ["memory_mb to 128"]),
        ("invalid-lambda-size", 1, 20000, ["memory_mb to 10240"]),
        ("invalid-cloud-run-size", 1, 6000, ["memory_mb to 4096", "vcpu to 2"]),
        ("invalid-cloud-function-size", 1, 6000, ["vcpu to 2", "memory_mb to 4096"]),
    ],
)
def test_the_nearest_sizes_up_and_down_are_offered(
    rule: str, vcpu: float, memory: int, expected: list[str]
) -> None:
    sizes = f"{{provider: {RUNTIMES[rule]}, vcpu: {vcpu}, memory_mb: {memory}}}"
    (finding,) = findings(rule, f"infrastructure: {sizes}\n".encode())
    assert [fix.title.removeprefix("Set ") for fix in finding.fixes] == expected
    assert not any(fix.is_safe for fix in finding.fixes)
