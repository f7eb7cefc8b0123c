"""Reports made by hand, for the tests of the forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import strategies as st

from dativo_lint.documents.place import Place
from dativo_lint.findings.finding import Crash, Finding, Mention, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.reports import REPORTS
from dativo_lint.rulebook.rule import Rule, Severity, Source

TEXTS: dict[str, Callable[..., str]] = {
    name: lambda *given, form=form: "".join(form(*given)) for name, form in REPORTS.items()
}
"""Every form by name, with its pieces put together."""


def a_rule(
    id: str = "missing-owner",
    family: str = "governance",
    severity: Severity = Severity.ERROR,
    summary: str = "A job that nobody answers for",
    why: str = "A dataset without an owner has nobody to ask when it breaks.",
    fix: str = "Set team.owner in the asset.",
    sources: tuple[Source, ...] = (),
) -> Rule:
    place = Place(f"rules/{family}/{id}.yaml", 1, 1, 1, 1)
    return Rule(id, family, summary, why, fix, severity, "required_tag", place, sources=sources)


def a_place(
    path: str = "jobs/stripe.yaml",
    line: int = 3,
    column: int = 1,
    length: int = 4,
    field: str = "",
) -> Place:
    return Place(path, line, column, line, column + length, field)


def a_finding(
    rule: Rule | None = None,
    message: str = "governance.owner is missing",
    place: Place | None = None,
    mentions: tuple[Mention, ...] = (),
    fingerprint: str = "0f1e",
    source: str = "",
) -> Finding:
    rule = rule or a_rule()
    return Finding(rule, rule.severity, place or a_place(), message, mentions, fingerprint, source)


DIVIDED = a_rule(
    "conflicting-cost-center",
    "conflicts",
    Severity.ERROR,
    "Two words for one cost center",
    "Two names for one cost center split its spend over two lines of the bill.",
    "Say the cost center once, under finops, and strike it from infrastructure.tags.",
    (
        Source(
            "FinOps Foundation, allocation",
            "https://www.finops.org/framework/capabilities/allocation/",
        ),
    ),
)
MALFORMED = a_rule(
    "malformed-owner",
    severity=Severity.WARNING,
    summary="An owner that is no address",
    fix="Write the owner as an address that mail reaches.",
)
ADJUSTED = a_rule(
    "gke-autopilot-resources",
    "compute",
    Severity.NOTE,
    "A size that GKE Autopilot raises",
    "Autopilot rounds requests up and bills what it gives.",
    "Ask for a size that Autopilot keeps.",
)
UNBROKEN = a_rule("invalid-aws-tag", "destinations", summary="A tag that AWS refuses")

TWO_WORDS = Finding(
    DIVIDED,
    Severity.ERROR,
    Place("jobs/stripe.yaml", 12, 17, 12, 24, "infrastructure.tags.CostCenter"),
    "infrastructure.CostCenter is FIN-001, and two weaker layers have another word for it",
    (
        Mention(
            Place("assets/customers.yaml", 7, 18, 7, 25, "finops.cost_center"),
            "asset says FIN-001",
            "    cost_center: FIN-001",
        ),
        Mention(
            Place("jobs/stripe.yaml", 4, 16, 4, 23, "finops.cost_center"),
            "finops.cost_center is FIN-002",
            "  cost_center: FIN-002",
        ),
    ),
    "a3f1c6",
    "    CostCenter: FIN-001  # the old one",
)
NO_ADDRESS = Finding(
    MALFORMED,
    Severity.WARNING,
    Place("jobs/stripe.yaml", 20, 10, 20, 22, "governance_overrides.owner"),
    "governance.owner is データ@team, expected an address such as team@example.com",
    fingerprint="77b0",
    source='  owner: "データ@team"',
)
SMALL = Finding(
    ADJUSTED,
    Severity.NOTE,
    Place("jobs/tiny.yaml", 5, 3, 7, 1, "infrastructure"),
    "infrastructure asks for 100 MiB, and Autopilot gives 512 MiB",
    (Mention(Place("jobs/tiny.yaml", 6, 14, 6, 17), "memory_mb is 100", "  memory_mb: 100"),),
    "91cd",
    "  infrastructure:",
)
BASELINED = Finding(
    MALFORMED,
    Severity.WARNING,
    Place("jobs/tiny.yaml", 3, 10, 3, 14, "governance_overrides.owner"),
    "governance.owner is team, expected an address such as team@example.com",
    fingerprint="b5e1",
    source="  owner: team",
    suppression=Suppression(
        Place(".dativo-lint-baseline.json", 4, 5, 4, 99, "entries[0]"),
        ("malformed-owner",),
        "until the reorganisation",
        None,
        1,
        1,
        paths=("jobs/tiny.yaml",),
        since=date(2030, 12, 1),
    ),
)
ACCEPTED = Finding(
    DIVIDED,
    Severity.ERROR,
    Place("jobs/sandbox.yaml", 9, 17, 9, 20, "infrastructure.tags.CostCenter"),
    "infrastructure.CostCenter is FIN, and other layers say otherwise",
    fingerprint="5a5a",
    source="    CostCenter: FIN",
    suppression=Suppression(
        Place("jobs/sandbox.yaml", 8, 5, 8, 60),
        ("conflicting-cost-center",),
        "the sandbox pays centrally",
        date(2031, 3, 31),
        8,
        9,
        owner="finance",
        ticket="FIN-7",
    ),
)
UNDECIDED = UnresolvedValue(
    MALFORMED,
    Place("jobs/tiny.yaml", 11, 10, 11, 18, "governance_overrides.owner"),
    "governance.owner is ${OWNER}, known only at run time",
    "  owner: ${OWNER}",
)
FAILED = Crash(UNBROKEN, "jobs/tiny.yaml", "ZeroDivisionError: division by zero")

FULL = Report(
    findings=(TWO_WORDS, NO_ADDRESS, SMALL),
    suppressed=(ACCEPTED,),
    baselined=(BASELINED,),
    baseline=".dativo-lint-baseline.json",
    unresolved=(UNDECIDED,),
    crashes=(FAILED,),
    rules=(ADJUSTED, DIVIDED, UNBROKEN, MALFORMED),
    jobs=3,
    files=7,
    passed_over=("docs/notes.yaml",),
)
CLEAN = Report(rules=(ADJUSTED, DIVIDED, UNBROKEN, MALFORMED), jobs=12, files=34)
EMPTY = Report()

NASTY = (
    "\x1b[31mred",
    "\x1b]8;;https://evil.example\x07",
    "::error::forged",
    "\n::error file=a::forged",
    "##[error]forged",
    "##vso[task.setvariable]x",
    "\r\n",
    "\u202etxt.exe",
    "\u2028",
    "\ud800",
    "\udcff",
    "\uffff",
    "\x00",
    "\x85",
    "]]>",
    "<script>alert(1)</script>",
    "[here](https://evil.example)",
    "![](https://evil.example/x.png)",
    "@everyone",
    "www.evil.example",
    "| a |",
    "`code``",
    "# head",
    "[x](1)",
    "\\",
    "%0A::error::x",
    "a,b:c",
    "\ufeff",
    "\t",
    "",
)
HOSTILE = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=12),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map("".join),
)
_NUMBERS = st.integers(1, 300)
_PLACES = st.builds(
    lambda path, field, line, column, lines, columns: Place(
        path or "x", line, column, line + lines, column + columns, field
    ),
    HOSTILE,
    HOSTILE,
    _NUMBERS,
    _NUMBERS,
    st.integers(0, 2),
    st.integers(0, 20),
)
_RULES = st.builds(
    a_rule,
    HOSTILE.map(lambda id: id or "x"),
    HOSTILE,
    st.sampled_from(Severity),
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.lists(st.builds(Source, HOSTILE, HOSTILE), max_size=2).map(tuple),
)
_MENTIONS = st.builds(Mention, _PLACES, HOSTILE, HOSTILE)
_ALLOWANCES = st.builds(
    Suppression,
    _PLACES,
    st.just(("missing-owner",)),
    HOSTILE,
    st.none() | st.just(date(2031, 3, 31)),
    _NUMBERS,
    _NUMBERS,
    owner=HOSTILE,
    ticket=HOSTILE,
)
_FINDINGS = st.builds(
    Finding,
    _RULES,
    st.sampled_from(Severity),
    _PLACES,
    HOSTILE,
    st.lists(_MENTIONS, max_size=2).map(tuple),
    st.sampled_from(["", "0f1e"]),
    HOSTILE,
)
_ALLOWED = st.builds(
    Finding,
    _RULES,
    st.sampled_from(Severity),
    _PLACES,
    HOSTILE,
    st.just(()),
    st.just("0f1e"),
    HOSTILE,
    _ALLOWANCES,
)
HOSTILE_REPORTS = st.builds(
    Report,
    st.lists(_FINDINGS, max_size=3).map(tuple),
    st.lists(_ALLOWED, max_size=1).map(tuple),
    st.lists(st.builds(UnresolvedValue, _RULES, _PLACES, HOSTILE, HOSTILE), max_size=1).map(tuple),
    st.lists(st.builds(Crash, _RULES, HOSTILE, HOSTILE), max_size=1).map(tuple),
    st.lists(_RULES, max_size=2).map(tuple),
    st.integers(0, 3),
    st.integers(0, 3),
    st.lists(HOSTILE, max_size=2).map(tuple),
)
"""Reports in which everything that a stranger can write is written by one."""
