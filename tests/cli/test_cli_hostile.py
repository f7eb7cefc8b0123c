"""Files of strangers: whatever they hold, a run ends with a finding that says what is wrong."""

from __future__ import annotations

import pytest
from cli_samples import Repository

JOB = "asset_path: assets/orders.yaml\ninfrastructure:\n  provider: aws\n"
BOMB = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{JOB}a: {'[' * 200_000}\n", "limits.nesting [unreadable-file]"),
        (f"{JOB}a: {'{a: ' * 200_000}\n", "limits.nesting [unreadable-file]"),
        (f"{JOB}a:\n{'- ' * 200_000}x\n", "limits.nesting [unreadable-file]"),
        (JOB + "".join(f"{' ' * n}k:\n" for n in range(2_000)), "[unreadable-file]"),
        (f"{JOB}a: {'x' * 10_000_000}\n", "limits.file_bytes [unreadable-file]"),
        (f"{JOB}a0: &a0 [x, x, x]\n{BOMB}", "limits.expanded_nodes [unreadable-file]"),
        (JOB + "a: 1\n" * 10_000, "is duplicated; only the last one counts"),
        (f"{'k' * 3_900_000}: 1\n{JOB}", "[unreadable-file]"),
        (f'{JOB}a: "{"x" * 3_900_000}\n', "[unreadable-file]"),
    ],
    ids=["brackets", "braces", "dashes", "indents", "scalar", "bomb", "keys", "key", "quote"],
)
def test_a_hostile_file_is_a_finding(repository: Repository, text: str, told: str) -> None:
    repository.write({"jobs/hostile.yaml": text})

    done = repository.start("check", "jobs/hostile.yaml", "--no-cache")

    assert (1, b"") == (done.returncode, done.stderr)
    assert told in done.stdout.decode()
