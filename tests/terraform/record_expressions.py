"""Asks `terraform plan` what expressions come to, and records its answers.

    python tests/terraform/record_expressions.py

writes `data/expressions.json`.
"""

from __future__ import annotations

from expression_corpus import DATA, DECLARED, VALUES, made_up, written
from record_modules import version_at_hand
from terraform_oracle import ask_expressions, write_record

RECORD = DATA / "expressions.json"
MADE_UP = 900


def asked() -> list[str]:
    """All expressions of which the answers are recorded."""
    return [*dict.fromkeys([*written(), *made_up(MADE_UP)])]


if __name__ == "__main__":
    answers: list[list[object]] = []
    expressions = asked()
    for start in range(0, len(expressions), 300):
        part = expressions[start : start + 300]
        found = ask_expressions(DECLARED, VALUES, part)
        answers += [[one, answer] for one, answer in zip(part, found, strict=True)]
    write_record(RECORD, version_at_hand(), answers)
