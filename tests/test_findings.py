"""Answers of checks become findings, which stand or are accepted, and show no secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import a_job
from msgspec.structs import replace

from dativo_lint.checks.violation import Related, Unresolved, Violation
from dativo_lint.documents.place import Place, start_of
from dativo_lint.findings.finding import (
    Answer,
    Answers,
    Failure,
    Finding,
    Findings,
    Mention,
    UnresolvedValue,
    one_a_defect,
    with_fingerprints,
)
from dativo_lint.findings.secrets import Censor, Secret
from dativo_lint.findings.suppressions import Suppressed, suppress
from dativo_lint.jobs.condition import condition
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings.ruleset import PreparedRule

TODAY = date(2026, 1, 1)
JOB = "tenant_id: acme\nenvironment: dev\ninfrastructure:\n  provider: aws\n"
Judge = Callable[[Job], Iterable[Violation | Unresolved]]


def rule(id: str = "a-rule", severity: Severity = Severity.ERROR) -> Rule:
    """A rule of which only the name and the severity matter."""
    return Rule(
        id=id, family="f", summary="A defect", why="", fix="", severity=severity, check="c",
        place=start_of("rule.yaml"),
    )  # fmt: skip


def ready(judge: Judge, id: str = "a-rule", **when: str) -> PreparedRule:
    prepared = PreparedRule(rule(id), condition(when))
    prepared.__dict__["check"] = judge
    return prepared


def breaches(*messages: str, field: str = "tenant_id") -> Judge:
    """A check that finds fault with a field, once for each message."""
    return lambda it: [Violation(it.field(field), message) for message in messages]


def held(*rules: PreparedRule, job: str = JOB) -> Answers:
    findings = Findings(lambda place: f"line {place.line}")
    for one in rules:
        findings.run_check(one, a_job(job))
    return findings.answers()


def test_a_breach_becomes_a_finding_with_the_rules_severity_and_the_lines_of_its_places() -> None:
    def judge(it: Job) -> Iterator[Violation]:
        mention = Related(it.field("environment"), "dev here")
        yield Violation(it.field("infrastructure", "provider"), "is wrong", (mention,))

    (finding,) = held(ready(judge)).findings

    assert ("a-rule", Severity.ERROR) == (finding.rule, finding.severity)
    assert ("is wrong", "line 4") == (finding.message, finding.source)
    assert Place("job.yaml", 4, 13, 4, 16, "infrastructure.provider") == finding.place
    assert [("dev here", "line 2")] == [(it.sentence, it.source) for it in finding.mentions]


def test_the_same_defect_at_the_same_place_is_entered_once() -> None:
    rules = [ready(breaches("x", "x", "y")), ready(breaches("x"), "b-rule"), ready(breaches("x"))]

    entered = [(it.rule, it.message) for it in held(*rules).findings]

    assert [("a-rule", "x"), ("a-rule", "y"), ("b-rule", "x")] == entered


ERROR, WARNING = Severity.ERROR, Severity.WARNING


@pytest.mark.parametrize(
    ("yielding", "other", "stand"),
    [
        ((ERROR, 4), (ERROR, 4), "other"),
        ((WARNING, 4), (ERROR, 4), "other"),
        ((ERROR, 4), (WARNING, 4), "yielding"),
        ((ERROR, 4), (ERROR, 5), "yielding other"),
        ((ERROR, 4), (ERROR, 9), "other"),
        ((ERROR, 4), (WARNING, 9), "yielding"),
        ((ERROR, 4), (ERROR, 19), "other"),
        ((ERROR, 4), (WARNING, 19), "yielding other"),
    ],
)
def test_of_two_findings_of_one_defect_the_worse_stands_and_of_two_alike_the_others(
    yielding: tuple[Severity, int], other: tuple[Severity, int], stand: str
) -> None:
    def finding(id: str, severity: Severity, line: int) -> Finding:
        yields_to = ("other",) if id == "yielding" else ()
        places = (Place("a", 9, 1, 9, 2), Place("b", 19, 1, 19, 2)) if yields_to else ()
        mentions = tuple(Mention(place, "the same") for place in places)
        place = Place("b" if line == 19 else "a", line, 1, line, 2)
        return Finding(replace(rule(id), yields_to=yields_to), severity, place, "m", mentions)

    findings = [finding("yielding", *yielding), finding("other", *other)]

    assert stand.split() == [each.rule.id for each in one_a_defect(findings)]


def test_a_check_that_raises_is_a_crash_and_all_else_goes_on() -> None:
    def judge(it: Job) -> Iterator[Violation]:
        yield Violation(it.field("tenant_id"), "before")
        raise RecursionError("too deep")

    def unplaced(_: Job) -> Iterator[Violation]:
        yield Violation(None, "nowhere")  # type: ignore[arg-type]

    answers = held(ready(judge), ready(unplaced, "b-rule"), ready(breaches("after"), "c-rule"))

    assert ["before", "after"] == [it.message for it in answers.findings]
    assert ("a-rule", "job.yaml", "RecursionError: too deep") == (
        answers.failures[0].rule,
        answers.failures[0].path,
        answers.failures[0].message,
    )
    assert ["a-rule", "b-rule"] == [it.rule for it in answers.failures]


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        ({"environment": "dev"}, True),
        ({"environment": "DEV", "tenant_id": "Acme"}, True),
        ({"environment": "prod"}, False),
        ({"infrastructure.provider": "aws"}, True),
        ({"infrastructure.none": "aws"}, False),
        ({"infrastructure": "aws"}, False),
        ({"environment": "dev", "tenant_id": "other"}, False),
    ],
)
def test_a_rule_speaks_where_its_condition_holds(when: dict[str, str], applies: bool) -> None:
    assert applies is bool(held(ready(breaches("x"), **when)).findings)


def test_whether_a_rule_applies_may_be_open() -> None:
    job = JOB.replace("dev", "${ENVIRONMENT}")

    answers = held(ready(breaches("x"), environment="dev"), job=job)
    settled = held(ready(breaches("x"), environment="dev", tenant_id="other"), job=job)

    assert () == answers.findings
    (question,) = answers.unresolved
    assert "environment is ${ENVIRONMENT}: a-rule may apply" == question.message
    assert () == settled.unresolved


def finding(message: str = "x", line: int = 1, field: str = "a", id: str = "a-rule") -> Finding:
    place = Place("job.yaml", line, 1, line, 2, field)
    return Finding(rule(id), Severity.ERROR, place, message)


def settled(
    findings: Iterable[Finding], *suppressions: Suppression, today: date = TODAY
) -> Suppressed:
    return suppress(with_fingerprints(findings), (), suppressions, today)


def prints(findings: Iterable[Finding]) -> list[str]:
    return [it.fingerprint for it in with_fingerprints(findings)]


def test_a_fingerprint_outlives_a_change_of_lines_and_words() -> None:
    before = [finding("x", 3), finding("y", 4, "b")]
    after = [finding("x was reworded", 13), finding("y", 19, "b")]

    assert prints(before) == prints(after)


def test_fingerprints_tell_findings_apart() -> None:
    alike = [
        finding("x", 3),
        finding("y", 3),
        finding("x", 4),
        finding("x", 3, "b"),
        finding("x", 3, id="b-rule"),
        replace(finding("x", 3), place=Place("other.yaml", 3, 1, 3, 2, "a")),
        replace(finding("x", 3), place=Place("\udcff.yaml", 3, 1, 3, 2, "a")),
    ]

    assert len(alike) == len(set(prints(alike)))
    assert all(len(it) == 32 for it in prints(alike))


@given(st.permutations([finding("x", 3), finding("y", 3), finding("x", 4), finding("z", 1)]))
def test_fingerprints_and_order_do_not_hang_on_the_order_of_discovery(
    findings: list[Finding],
) -> None:
    standing = settled(findings).standing

    assert prints(sorted(findings, key=lambda it: (it.place, it.message))) == [
        it.fingerprint for it in standing
    ]


def suppression(
    first: int, last: int, *rules: str, until: date | None = None, fault: str = ""
) -> Suppression:
    place = Place("job.yaml", first, 1, first, 2)
    return Suppression(place, rules or ("a-rule",), "so it is", until, first, last, fault)


def test_an_allowance_accepts_what_begins_or_ends_on_its_lines() -> None:
    long = replace(finding("long"), place=Place("job.yaml", 1, 1, 3, 5, "b"))
    findings = [finding("before", 2), finding("in", 3), finding("last", 5), finding("after", 6)]

    result = settled([*findings, long], suppression(3, 5))

    assert ["long", "in", "last"] == [it.message for it in result.suppressed]
    assert ["before", "after"] == [it.message for it in result.standing]
    assert all(it.suppression == suppression(3, 5) for it in result.suppressed)


@pytest.mark.parametrize(
    "other",
    [
        suppression(1, 9, "b-rule"),
        suppression(1, 9, fault="it names no rule"),
        suppression(1, 9, until=date(2025, 12, 31)),
        replace(suppression(1, 9), place=Place("other.yaml", 1, 1, 1, 2)),
    ],
)
def test_an_allowance_for_something_else_accepts_nothing(other: Suppression) -> None:
    result = settled([finding("x", 3)], other)

    assert [] == result.suppressed
    assert {other: set()} == dict(result.accepted)


def test_the_last_day_of_an_allowance_is_included() -> None:
    assert settled([finding()], suppression(1, 1, until=TODAY)).suppressed


def test_of_several_allowances_the_innermost_accepts_and_all_are_of_use() -> None:
    outer, inner, beside = suppression(1, 9), suppression(3, 4), suppression(6, 7)

    result = settled([finding("x", 3), finding("y", 5)], outer, inner, beside)

    assert [inner, outer] == [it.suppression for it in result.suppressed]
    assert {outer: {"a-rule"}, inner: {"a-rule"}, beside: set()} == dict(result.accepted)


def test_an_allowance_that_covers_an_open_question_is_of_use() -> None:
    question = UnresolvedValue(rule(), finding().place, "who knows")

    result = suppress((), [question], [suppression(1, 1)], TODAY)

    assert {"a-rule"} == dict(result.accepted)[suppression(1, 1)]


BLOCKS = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), max_size=8)


@given(BLOCKS, st.lists(st.integers(1, 40), max_size=8))
def test_what_is_accepted_is_what_a_look_at_every_line_would_accept(
    blocks: list[tuple[int, int]], lines: list[int]
) -> None:
    nested: list[Suppression] = []
    for first, length in sorted(blocks, key=lambda it: (it[0], -it[1])):
        around = [it.last_line for it in nested if it.first_line <= first <= it.last_line]
        nested.append(suppression(first, min([first + length, *around])))
    findings = [finding(f"{number}", line) for number, line in enumerate(lines)]

    result = settled(findings, *nested)

    accepted = {it.place.line for it in result.suppressed}
    assert accepted == {
        line for line in lines if any(it.first_line <= line <= it.last_line for it in nested)
    }
    for it in nested:
        is_used = any(it.first_line <= line <= it.last_line for line in lines)
        assert is_used is bool(dict(result.accepted)[it])


def test_many_allowances_and_findings_take_no_more_than_their_sum() -> None:
    suppressions = [suppression(number, 60_000 - number) for number in range(1, 20_000)]
    findings = [finding(f"{number}", number + 20_000) for number in range(20_000)]

    assert 20_000 == len(settled(findings, *suppressions).suppressed)


SECRET = Secret("job.yaml", "infrastructure.terraform_vars.password", 5, 6)
CENSOR = Censor([SECRET], lambda id: "A defect")
NO_SECRETS = Censor([], lambda id: "A defect")


def secret_answer(field: str, line: int, path: str = "job.yaml") -> Answer:
    place = Place(path, line, 1, line, 2, field)
    return Answer("defect", Severity.ERROR, place, "password is hunter2", "p: hunter2")


@pytest.mark.parametrize("below", ["", ".inner", "[0].inner"])
def test_a_secret_is_removed_from_message_and_line(below: str) -> None:
    hidden = CENSOR.answer(secret_answer(f"{SECRET.field}{below}", 5))

    assert "hunter2" not in hidden.message + hidden.source
    assert f"{SECRET.field}: a defect (sensitive value not shown)" == hidden.message
    assert SECRET.field == hidden.place.field  # keys inside a secret are a part of it
    assert hidden == CENSOR.answer(hidden)


def test_a_line_that_shows_a_secret_is_not_quoted_for_anything_else_on_it() -> None:
    hidden = CENSOR.answer(secret_answer("infrastructure.terraform_vars.passwords", 6))

    assert ("password is hunter2", "") == (hidden.message, hidden.source)


def test_a_secret_is_removed_from_an_answer_that_mentions_it() -> None:
    other = secret_answer("a", 1)
    mentions = tuple(
        Mention(it.place, it.message, "a line") for it in (secret_answer(SECRET.field, 5), other)
    )
    hidden = CENSOR.answer(replace(other, mentions=mentions))

    assert "hunter2" not in hidden.message
    assert ["", "a line"] == [it.source for it in hidden.mentions]
    assert not any("hunter2" in it.sentence for it in hidden.mentions)


def test_what_holds_no_secret_stays_as_it_is() -> None:
    other = secret_answer("a", 5, "other.yaml")

    assert other == CENSOR.answer(other)
    secret = secret_answer("a", 5)
    assert secret == NO_SECRETS.answer(secret)


def test_the_text_of_an_error_is_not_shown_of_a_job_with_secrets() -> None:
    failure = Failure("defect", "job.yaml", "ValueError: hunter2")

    assert "ValueError: sensitive value not shown" == CENSOR.failure(failure).message
    assert failure == NO_SECRETS.failure(failure)
