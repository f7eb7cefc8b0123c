"""Hashes of lines as GitHub code scanning has them, whose own tests have the first vectors."""

from __future__ import annotations

import pytest

from dativo_lint.reports.line_hashes import line_hashes

END = "c129715d7a2bc9a3:1"
GREETING = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    END,
]
VECTORS: dict[bytes, list[str]] = {
    b"": [END],
    b" a\nb\n  \t\tc\n d": [
        "271789c17abda88f:1",
        "54703d4cd895b18:1",
        "180aee12dab6264:1",
        "a23a3dc5e078b07b:1",
    ],
    b" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End": [
        "8b7cf3e952e7aeb2:1",
        "b1ae1287ec4718d9:1",
        "bff680108adb0fcc:1",
        "c6805c5e1288b612:1",
        "b86d3392aea1be30:1",
        "e6ceba753e1a442:1",
    ],
    b" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n": GREETING,
    b" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r": GREETING,
    b" hello; \t\r\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n": GREETING,
    b"Lorem ipsum dolor sit amet.\n" * 10: [
        *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
        "a7f2ff1481e87703:1",
        "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1",
        "cc97dc7b1d7d8f7b:1",
        END,
    ],
    b"infrastructure:\n  provider: aws\n": ["b326fc549d7470fa:1", "c33862cb4cea9b91:1", END],
}
# What its script says of other files.
VECTORS |= {
    b"\xef\xbb\xbfinfrastructure:\r\n  provider: aws\r\n  provider: aws": [
        "c7a6e8f29ffea7fd:1",
        "458be9b1a8944c99:1",
        "69a2da4d9528e84b:1",
    ],
    b"a\xff: \xe2\x82\n\xf0\x9f\x98\x80: b\n": ["9523eecb15290481:1", "5a0898cb8aa51546:1", END],
    b"\xff\xfe" + "finops:\n  cost_center: \xe4\n".encode("utf-16-le"): [
        "5ae9c90797911ada:1",
        "a581c471b18aef19:1",
        "dbb503105d3f7427:1",
    ],
    # The hundredth code unit is the first half of a character.
    f"{'x' * 99}\U0001f600y\ntag: \U0001f600\n".encode(): [
        "52b56201ffb65de5:1",
        "752cb32830fe2eb4:1",
        END,
    ],
    b"a\r \nb\n\t\n": [
        "58bb403fac6df472:1",
        "79c1ecac854f2c03:1",
        "a0e70ee94550ca05:1",
        "3c5bef55b72b93c9:1",
        END,
    ],
}


@pytest.mark.parametrize("content", VECTORS)
def test_the_hash_of_a_line_is_the_one_of_github(content: bytes) -> None:
    expected = dict(enumerate(VECTORS[content], 1))
    assert line_hashes(content, range(1, 20)) == expected
    assert all(line_hashes(content, {line}) == {line: expected[line]} for line in expected)


@pytest.mark.parametrize("line", [0, 3])
def test_a_line_that_a_file_does_not_have_has_no_hash(line: int) -> None:
    assert line_hashes(b"a: 1\n", {line}) == {}


def test_a_hash_survives_edits_above_and_far_below() -> None:
    body = "\n".join(f"key_{number}: value {number}" for number in range(40))
    edited = f"# new\n\n{body}\nend: 1"
    assert line_hashes(body.encode(), {5})[5] == line_hashes(edited.encode(), {7})[7]
