"""What holds for every form of a report, and what each looks like."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from report_samples import CLEAN, EMPTY, FULL, HOSTILE_REPORTS, SMALL, TEXTS, TWO_WORDS, a_finding

from dativo_lint import __version__
from dativo_lint.findings.finding import Finding
from dativo_lint.findings.report import Report
from dativo_lint.reports import REPORTS
from dativo_lint.reports.as_markdown import job_summary
from dativo_lint.reports.columns import columns
from dativo_lint.reports.style import Style

GOLDEN = Path(__file__).parent / "golden"
FILES = {
    "text": "report.txt",
    "concise": "concise.txt",
    "statistics": "statistics.txt",
    "table": "table.txt",
    "json": "report.json",
    "sarif": "report.sarif",
    "rdjson": "rdjson.json",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "azure": "azure.txt",
    "teamcity": "teamcity.txt",
    "junit": "junit.xml",
    "markdown": "report.md",
}
LOGGING_COMMAND = re.compile(r"##\w*\[")
OWN_COMMAND = {"azure": "##vso[task.logissue ", "teamcity": "##teamcity[", "github": "::"}
EVERY = Style(show_unresolved=True)


@pytest.mark.parametrize("name", REPORTS)
def test_a_form_looks_as_it_was_accepted(
    name: str, agrees_with_file: Callable[[str, Path], None]
) -> None:
    text = TEXTS[name](FULL).replace(f'"{__version__}"', '"VERSION"')
    if name == "sarif":
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    agrees_with_file(text, GOLDEN / FILES[name])


def test_the_text_in_colour_looks_as_it_was_accepted(
    agrees_with_file: Callable[[str, Path], None],
) -> None:
    text = TEXTS["text"](FULL, Style(colour=True, show_unresolved=True))
    agrees_with_file(text, GOLDEN / "colour.txt")


def test_the_summary_of_a_job_looks_as_it_was_accepted(
    agrees_with_file: Callable[[str, Path], None],
) -> None:
    agrees_with_file(job_summary(FULL), GOLDEN / "summary.md")


@pytest.mark.parametrize("name", sorted(set(REPORTS) - {"concise", "statistics"}))
def test_every_form_carries_the_trail_in_reading_order(name: str) -> None:
    text = TEXTS[name](Report(findings=(TWO_WORDS,), rules=(TWO_WORDS.rule,), jobs=1, files=2))
    seats = [text.find(mention.sentence) for mention in TWO_WORDS.mentions]
    assert -1 not in seats
    assert seats == sorted(seats)
    for mention in TWO_WORDS.mentions:
        assert mention.place.path in text
        assert re.search(rf"\b{mention.place.line}\b", text)


@pytest.mark.parametrize("name", REPORTS)
def test_every_form_tells_a_crash_with_its_rule_and_its_file(name: str) -> None:
    (crash,) = FULL.crashes
    text = TEXTS[name](replace(CLEAN, crashes=FULL.crashes))
    for part in (crash.rule.id, crash.path, crash.message.partition(":")[0]):
        assert part in text


def test_the_readme_lists_every_form() -> None:
    readme = Path(__file__).parents[2].joinpath("README.md").read_text("utf-8")
    paragraph = next(it for it in readme.split("\n\n") if "`sarif`" in it)
    assert list(REPORTS) == [it for it in re.findall("`([a-z]+)`", paragraph) if it in REPORTS]


@given(report=HOSTILE_REPORTS)
def test_no_form_lets_a_strangers_text_command_anything(report: Report) -> None:
    texts = {name: text(report, EVERY) for name, text in TEXTS.items()}
    for name, text in {**texts, "summary": job_summary(report)}.items():
        assert all(char.isprintable() or char == "\n" for char in text), name
        assert text == "" or text.endswith("\n"), name
        for line in text.split("\n"):
            rest = line.removeprefix(OWN_COMMAND.get(name, ""))
            assert not LOGGING_COMMAND.search(rest), name
            assert not rest.lstrip().startswith("::"), name


@given(report=HOSTILE_REPORTS)
@settings(max_examples=60)
def test_colour_adds_nothing_but_colour(report: Report) -> None:
    plain = TEXTS["text"](report, EVERY)
    coloured = TEXTS["text"](report, replace(EVERY, colour=True))
    assert re.sub(r"\x1b\[[0-9;]+m", "", coloured) == plain


def test_loading_the_table_of_forms_loads_no_form() -> None:
    script = (
        "import sys, dativo_lint.reports;"
        "heavy = {'tabulate', 'xml'} & set(sys.modules);"
        "forms = {name for name in sys.modules if name.startswith('dativo_lint.reports.as_')};"
        "sys.exit(str(heavy | forms) if heavy | forms else 0)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (CLEAN, "No problems in 12 jobs (34 files)"),
        (EMPTY, "nothing to check"),
        (
            replace(EMPTY, passed_over=("a.yaml", "b.yaml")),
            "skipped: no Dativo job affected (2 files)",
        ),
        (
            replace(CLEAN, crashes=FULL.crashes),
            "1 internal error in 12 jobs (34 files)",
        ),
        (
            replace(CLEAN, findings=(a_finding(),) * 1200),
            "1,200 errors in 12 jobs (34 files)",
        ),
    ],
)
def test_the_last_line_sums_up_the_run(report: Report, line: str) -> None:
    for name in ("text", "table"):
        assert TEXTS[name](report).split("\n")[-2:] == [line, ""]


def test_the_last_line_counts_what_is_open_and_says_how_to_see_it() -> None:
    report = replace(CLEAN, unresolved=FULL.unresolved)
    assert TEXTS["text"](report).endswith("; 1 unresolved value (list with --show-unresolved)\n")
    assert TEXTS["text"](report, EVERY).endswith("; 1 unresolved value\n")


@pytest.mark.parametrize("name", ["text", "table", "markdown"])
def test_open_questions_are_listed_only_when_asked_for(name: str) -> None:
    assert "known only at run time" not in TEXTS[name](FULL)
    assert "known only at run time" in TEXTS[name](FULL, EVERY)


def test_the_same_finding_in_many_files_is_shown_once_with_its_count() -> None:
    many = tuple(
        replace(TWO_WORDS, place=replace(TWO_WORDS.place, path=f"jobs/{n}.yaml")) for n in range(9)
    )
    text = TEXTS["text"](replace(CLEAN, findings=many))
    assert text.count(TWO_WORDS.message) == 1
    assert "and 8 more: jobs/1.yaml:12:17, jobs/2.yaml:12:17, jobs/3.yaml:12:17, ..." in text
    assert "9 errors in" in text
    few = TEXTS["text"](replace(CLEAN, findings=many[:3]))
    assert few.count(TWO_WORDS.message) == 3


@given(
    st.text("wide 成本é", min_size=1, max_size=200),
    st.integers(40, 120),
)
def test_on_a_terminal_no_line_is_wider_than_it(message: str, width: int) -> None:
    finding = a_finding(message=message.replace("wide", "w "), source="成" * 300)
    text = TEXTS["text"](Report(findings=(finding,)), Style(width=width, is_wrapped=True))
    broken = [line for line in text.split("\n") if columns(line) > width and " " in line.strip()]
    longest = max((columns(word) for word in text.split()), default=0)
    assert longest > width - 10 or broken == []


def test_text_and_concise_list_the_same_in_the_same_order() -> None:
    twice = (*FULL.findings, replace(SMALL, place=replace(SMALL.place, path="jobs/stripe.yaml")))
    style = Style(show_unresolved=True, show_suppressed=True)
    lists = []
    for name in ("text", "concise", "table"):
        text = TEXTS[name](replace(FULL, findings=twice), style)
        lists.append(
            re.findall(r"(?:error|warning|note|unresolved|suppressed)\b.*\[[a-z-]+\]", text)
        )
    rules = [[re.findall(r"\[([a-z-]+)\]", line)[0] for line in lines] for lines in lists]
    assert rules[0] == rules[1] == rules[2]
    assert 7 == len(rules[0])
    assert (
        "because the sandbox pays centrally (until 2031-03-31, owner finance, ticket FIN-7)"
        in TEXTS["concise"](FULL, style)
    )


def test_the_page_of_every_rule_is_reached_by_a_link_or_told() -> None:
    rules = [replace(it.rule, page=f"https://e.com/{it.rule.id}.md") for it in FULL.findings]
    findings = tuple(replace(it, rule=rule) for it, rule in zip(FULL.findings, rules, strict=True))
    report = replace(FULL, findings=findings, rules=tuple(rules))
    for name in set(REPORTS) - {"concise"}:
        assert all(rule.page in TEXTS[name](report) for rule in rules), name
    for name in ("text", "concise", "table", "statistics"):
        linked = TEXTS[name](report, Style(colour=True, links=True, is_wrapped=True))
        assert all(f"\x1b]8;;{rule.page}\x1b\\" in linked for rule in rules), name


def test_the_most_frequent_rules_are_told_where_there_are_several() -> None:
    style = Style(links=True)
    assert "most frequent: " in TEXTS["text"](FULL, style)
    assert "most frequent" not in TEXTS["text"](Report(findings=(TWO_WORDS,) * 3), style)


def test_text_and_concise_name_paths_from_the_current_folder() -> None:
    report = Report(findings=(TWO_WORDS,))
    for name in ("text", "concise"):
        text = TEXTS[name](report, Style(folder="/r/jobs", root="/r"))
        assert text.startswith(TWO_WORDS.place.path.removeprefix("jobs/") + ":12:17: error: ")
        above = TEXTS[name](report, Style(folder="/", root="/r"))
        assert above.startswith(f"r/{TWO_WORDS.place.path}:12:17: error: ")


def test_text_and_table_say_that_a_check_crashed_and_where() -> None:
    for name in ("text", "table", "markdown", "github"):
        text = TEXTS[name](replace(CLEAN, crashes=FULL.crashes))
        assert "rule invalid-aws-tag failed on jobs/tiny.yaml: ZeroDivisionError" in text


def test_a_path_cannot_begin_a_line_with_a_command() -> None:
    place = replace(TWO_WORDS.place, path="::error::x.yaml")
    text = TEXTS["text"](Report(findings=(replace(TWO_WORDS, place=place),)))
    assert text.startswith("./::error::x.yaml:12:17: error: ")


def test_a_message_of_any_length_stays_readable() -> None:
    finding = a_finding(message="x" * 5_000_000, source="y" * 5_000_000)
    for name in set(REPORTS) - {"json"}:
        assert len(TEXTS[name](Report(findings=(finding,)))) < 20_000


def test_the_job_summary_stays_under_the_limit_and_says_what_it_leaves_out() -> None:
    findings: tuple[Finding, ...] = (a_finding(message="ä" * 1000),) * 900
    text = job_summary(Report(findings=findings, crashes=FULL.crashes, jobs=1))
    assert len(text.encode()) <= 1_000_000
    left_out = re.search(r"(\d+) more results left out for want of room", text)
    assert left_out is not None
    assert text.count("- **error**") + int(left_out[1]) == len(findings)
    assert text.count("<details>") == text.count("</details>")
    assert "internal error" in text


def test_the_job_summary_counts_by_owner_and_shows_what_is_new_and_what_was_there() -> None:
    shared = replace(SMALL, place=replace(SMALL.place, path="modules/main.tf"))
    report = Report(
        findings=(TWO_WORDS, TWO_WORDS, SMALL, shared),
        baselined=(replace(SMALL, message="an old one"),),
        owners={
            TWO_WORDS.place.path: "finance@x.com",
            SMALL.place.path: "",
            "modules/main.tf": None,
        },
        since="main",
        only_new=True,
        jobs=3,
        warnings=("ignores: no file matches",),
    )
    text = job_summary(report)
    assert "| `finance@x.com` | 2 |\n| no owner | 1 |\n| several owners | 1 |" in text
    assert "## New since main\n\n<details><summary><code>jobs/stripe.yaml</code>: 2 err" in text
    assert f"`{TWO_WORDS.source.strip()}`" in text
    assert "<summary>Already at main: 1 finding</summary>" in text
    assert "an old one" in text
    assert "**warning** ignores: no file matches" in text


@pytest.mark.parametrize("name", sorted(set(REPORTS) - {"table"}))
def test_a_piece_of_a_report_is_as_long_however_many_findings_there_are(name: str) -> None:
    def longest(count: int) -> int:
        report = replace(FULL, findings=FULL.findings * count, suppressed=FULL.suppressed * count)
        return max(map(len, REPORTS[name](report, EVERY)))

    assert longest(200) <= longest(50) * 1.1  # for counts, and for the fingerprints of twins
