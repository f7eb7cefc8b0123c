"""Built-in rules, made ready, for tests that hold their tables against other sources."""

from __future__ import annotations

from functools import cache
from typing import Any

from dativo_lint.checks import Judge, prepare
from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.documents.document import Document
from dativo_lint.jobs.job import Job
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Rule


@cache
def rules() -> dict[str, Rule]:
    """The built-in rules by id."""
    return {rule.id: rule for rule in builtin_rules()}


@cache
def judge(rule: str) -> Judge:
    """The check of a built-in rule, made ready with the rule's own parameters."""
    found = rules()[rule]
    return prepare(found.check, found.params)


def answers(rule: str, infrastructure: dict[str, Any]) -> list[Violation | Unresolved]:
    """What a rule says of a job with such a block; the rule's `when` is not asked."""
    job = Document("job.yaml", "", {"infrastructure": infrastructure})
    return list(judge(rule)(Job(config=job, references={})))


def messages(rule: str, infrastructure: dict[str, Any]) -> list[str]:
    """The messages of all answers."""
    return [answer.message for answer in answers(rule, infrastructure)]
