"""Merging: the part of a run that a shard hands over, and the report of all parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from dativo_lint.engine.selection import Given, Request, Role
from dativo_lint.engine.unmatched import nothing_to_check
from dativo_lint.errors import NothingToCheck
from dativo_lint.findings.baseline import Baseline
from dativo_lint.findings.file_results import FileResult
from dativo_lint.findings.report import Report
from dativo_lint.findings.results import Results
from dativo_lint.findings.secrets import Censor
from dativo_lint.findings.shards import CheckPart, Shard, digests, portable
from dativo_lint.settings.ruleset import RuleSets
from dativo_lint.settings.settings import Settings


def part_of_run(
    shard: Shard,
    settings: Settings,
    rules: RuleSets,
    report: Report,
    results: Results,
    *,
    baseline: Baseline,
    judged: Iterable[tuple[Request, FileResult]],
    is_whole: bool,
    followed: Iterable[str],
    empty: Sequence[str],
    warnings: tuple[str, ...],
) -> CheckPart:
    """What a shard hands over: the results of the files that it `judged`, in their roles."""
    censor = results.censor
    by_role: dict[Role, dict[str, FileResult]] = {role: {} for role in Role}
    for request, result in judged:
        by_role[request.role][request.path] = _censored(result, censor)
    return CheckPart(
        shard,
        digests(settings, rules.rules, **{"accepted findings": baseline}),
        settings=portable(settings),
        rules=tuple(replace(rule, examples=(), when={}) for rule in rules.rules),
        baseline=baseline,
        is_whole=is_whole,
        files=by_role[Role.WALKED] | by_role[Role.NAMED],
        dependents=by_role[Role.DEPENDENT],
        assets=by_role[Role.ASSET],
        reads=by_role[Role.READ],
        judged=report.judged,
        followed=tuple(sorted(followed)),
        left_over=tuple(path for path in report.passed_over if path not in empty),
        empty=tuple(empty),
        skipped=results.skipped,
        warnings=warnings,
    )


def _censored(result: FileResult, censor: Censor) -> FileResult:
    """A result that shows no secret."""
    if not censor:
        return result
    text = result.text
    if text is not None:
        lines = tuple((it, censor.line(it.place, line)) for it, line in text.suppressions)
        text = replace(text, answers=censor.answers(text.answers), suppressions=lines)
    jobs = []
    for job in result.jobs:
        lines = tuple((it, censor.line(it.place, line)) for it, line in job.suppressions)
        jobs.append(replace(job, suppressions=lines))
    answers, of_sets = censor.answers(result.answers), censor.answers(result.set_answers)
    return replace(result, text=text, jobs=tuple(jobs), answers=answers, set_answers=of_sets)


def merged(parts: Sequence[CheckPart], today: date | None = None) -> Report:
    """The report of the whole run, of all whose shards these are the parts.

    Raises NothingToCheck as a run does.
    """
    first = parts[0]
    rules = RuleSets(first.rules, first.settings)
    skipped = {path: why for part in parts for path, why in part.skipped.items()}
    results = Results(rules, skipped)
    for part in parts:
        for path, result in (*part.files.items(), *part.dependents.items()):
            results.add(path, result)
    # A job that uses a file as its asset judges more of it than one that only names it.
    reads = {path: result for part in parts for path, result in part.reads.items()}
    reads |= {path: result for part in parts for path, result in part.assets.items()}
    for path in [path for path in reads if not results.has_text(path)]:
        results.add(path, reads[path])
    judged = frozenset(path for part in parts for path in part.judged)
    empty = sorted(path for part in parts for path in part.empty)
    if not results.is_checked:
        walked = sorted(judged.union(skipped))
        why = nothing_to_check(Given((), walked), empty, results.not_checked)
        raise NothingToCheck(why, results.skipped)
    left_over = set(first.left_over).intersection(*(part.left_over for part in parts))
    idle = [path for path in first.left_over if path in left_over and not results.has_text(path)]
    report = results.report(
        judged,
        (*idle, *empty),
        today,
        ignores=first.settings.ignores,
        baseline=first.baseline,
        is_whole=first.is_whole,
        followed=frozenset(first.followed),
    )
    warnings = (*first.warnings, *report.warnings)
    return replace(report, warnings=warnings, judged=tuple(sorted(judged)))
