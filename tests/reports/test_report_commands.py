"""Commands to Azure Pipelines and TeamCity, read as their agents read them."""

from __future__ import annotations

import re

from hypothesis import given, settings
from report_samples import FULL, HOSTILE, HOSTILE_REPORTS, TEXTS, a_finding, a_place, a_rule

from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import printable, trail, worst_first
from dativo_lint.rulebook.rule import Severity

as_azure, as_teamcity = (TEXTS[name] for name in ("azure", "teamcity"))

AZURE = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%"))
"""What the agent replaces, in its order: CommandStringConvertor.cs of azure-pipelines-agent."""
VALUE = r"(?:[^|'\[\]\r\n]|\|[|'nrlxp\[\]]|\|0x[0-9A-Fa-f]{4})*"
SERVICE_MESSAGE = re.compile(rf"##teamcity\[([A-Za-z][\w-]*)((?:[ \t]+\w+='{VALUE}')*)[ \t]*\]")
"""https://www.jetbrains.com/help/teamcity/service-messages.html#Service+Messages+Formats"""
TEAMCITY = {"n": "\n", "r": "\r", "x": "\x85", "l": "\u2028", "p": "\u2029"}


def read_azure(line: str) -> tuple[str, dict[str, str], str]:
    """Name, properties and data of a command, as `Command.TryParse` of the agent finds them."""
    prefix = "##vso["
    start = line.index(prefix)
    end = line.index("]", start)
    name, _, rest = line[start + len(prefix) : end].partition(" ")
    pairs = (each.partition("=") for each in rest.split(";") if each)
    return name, {key: decoded(value) for key, _, value in pairs}, decoded(line[end + 1 :])


def decoded(text: str) -> str:
    for written, char in AZURE:
        text = text.replace(written, char)
    return text


def read_teamcity(line: str) -> tuple[str, dict[str, str]]:
    """Name and attributes of a service message."""
    message = SERVICE_MESSAGE.fullmatch(line)
    assert message is not None, line
    values = re.findall(rf"(\w+)='({VALUE})'", message[2])
    return message[1], {key: unescaped(value) for key, value in values}


def unescaped(text: str) -> str:
    def char(escape: re.Match[str]) -> str:
        code, name = escape.groups()
        return chr(int(code, 16)) if code else TEAMCITY.get(name, name)

    units = re.sub(r"\|(?:0x([0-9A-Fa-f]{4})|(.))", char, text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16")


def shown(text: str) -> str:
    """A text of several lines, as commands carry it."""
    return "\n".join(map(visible, text.split("\n")))


@given(HOSTILE_REPORTS)
@settings(max_examples=40)
def test_azure_reads_each_finding_as_it_is_and_nothing_else(report: Report) -> None:
    commands = [read_azure(line) for line in as_azure(report).split("\n")[:-1]]
    assert {"task.logissue"} >= {name for name, _, _ in commands}
    crashes, found = commands[: len(report.crashes)], commands[len(report.crashes) :]
    assert all(properties["type"] == "error" for _, properties, _ in crashes)
    for finding, (_, properties, data) in zip(worst_first(report.findings), found, strict=True):
        place = finding.place
        assert properties == {
            "type": "error" if finding.severity is Severity.ERROR else "warning",
            "sourcepath": shown(place.path),
            "linenumber": str(place.line),
            "columnnumber": str(place.column),
            "code": shown(finding.rule.id),
        }
        assert data == shown("\n".join([printable(finding.message), *trail(finding)]))


@given(HOSTILE_REPORTS)
@settings(max_examples=40)
def test_teamcity_reads_each_finding_as_it_is_and_nothing_else(report: Report) -> None:
    text = as_teamcity(report)
    assert text.isascii()
    messages = [read_teamcity(line) for line in text.split("\n")[:-1]]
    types = {values["id"]: values for name, values in messages if name == "inspectionType"}
    inspections = [values for name, values in messages if name == "inspection"]
    assert len(types) + len(inspections) == len(messages)
    assert all(all(values.get(key) for key in ("name", "category")) for values in types.values())
    assert {values["typeId"] for values in inspections} == set(types)
    crashes, found = inspections[: len(report.crashes)], inspections[len(report.crashes) :]
    assert all(values["SEVERITY"] == "ERROR" for values in crashes)
    for finding, values in zip(worst_first(report.findings), found, strict=True):
        assert (values["file"], values["line"]) == (
            shown(finding.place.path),
            str(finding.place.line),
        )
        assert values.get("message", "") == shown(
            "\n".join([printable(finding.message), *trail(finding)])
        )


@given(HOSTILE)
@settings(max_examples=40)
def test_what_a_value_is_comes_back_from_a_command(text: str) -> None:
    report = Report(findings=(a_finding(a_rule(sources=()), message=text),))
    first = printable(text)
    (_, _, data), (_, values) = (
        read_azure(as_azure(report)),
        [read_teamcity(line) for line in as_teamcity(report).split("\n")[:-1]][1],
    )
    assert data.split("\n")[0] == values["message"].split("\n")[0] == first


def test_a_percent_sign_before_an_escape_stays_one() -> None:
    finding = a_finding(message="100%3B%AZP25]", place=a_place("a;b]c%0A.yaml"))
    line = as_azure(Report(findings=(finding,)))
    assert ";sourcepath=a%3Bb%5Dc%AZP250A.yaml;" in line
    assert "]100%AZP253B%AZP25AZP25%5D%0Afix: " in line
    assert read_azure(line)[1]["sourcepath"] == "a;b]c%0A.yaml"


def test_html_in_the_text_of_a_rule_is_shown_by_teamcity_as_it_is_written() -> None:
    rule = a_rule(why="<script>alert('x')</script> & more")
    name, values = read_teamcity(as_teamcity(Report(findings=(a_finding(rule),))).split("\n")[0])
    assert name == "inspectionType"
    assert values["description"] == "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; more"


def test_the_worst_comes_first_and_what_is_accepted_is_counted() -> None:
    levels = re.findall(r"logissue type=(\w+)", as_azure(FULL))
    assert levels == ["error", "error", "warning", "warning"]
    assert as_azure(FULL).endswith("\n1 finding in the baseline\n")
    assert as_teamcity(FULL).endswith("##teamcity[message text='1 finding in the baseline']\n")
    severities = re.findall(r"SEVERITY='([A-Z ]+)'", as_teamcity(FULL))
    assert severities == ["ERROR", "ERROR", "WARNING", "WEAK WARNING"]
