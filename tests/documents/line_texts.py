"""Texts of lines for the tests: such as can be read line by line, and such as nearly can."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import strategies as st
from repository_samples import ASSET, JOB

from benchmarks.assets import asset_text
from benchmarks.jobs import draft
from benchmarks.shop import asset, tenants

EXAMPLES = Path(__file__).parents[2] / "examples"
SCALARS = (
    *("a", "b c", "12", "012", "-5", "-", "1.0", "1e3", "0x1F", "1:30", "on", "No", "~"),
    *("null", "=", "<<"),
    *("2024-01-31", "2024-99-99", ".5", ".inf", "+1", "a:b", "a: b", "a:", "a #b", "a#b", "#c"),
    *("'q'", "'it''s'"),
    *('"q"', '"q\\n"', '"a: b #c"', "'a #b'", '"', "[]", "[a, b]", "[ a , 'b' ]", "[a, [b]]"),
    *("[a,]", "{}", "{ }"),
    *("{a: b}", "[1, 012, on]", "[a: b]", "&a b", "*a", "!t b", "| x", ">", "%a", "@a", "`a"),
    *("${X}", "$x{y}"),
    *("a, b", "a]", "{a", "é", "a\u00a0b", "a\u2028b", "\ufeff", "a\tb", "-a", "- a", "? a"),
    *("?a", ",a", "a ", "x" * 130),
    *("{a: b, c: [d, 012], e: {f: 'g: h', i: []}}", "{a: b, a: c}", "{on: 1}", "{a: {}}"),
    "{a: {b: {c: d}}}",
    *("{a:b}", "{a: b,}", "{ a: b , c: on }", "{a: [b, {c: d}]}", "{a: 'b, c: d', e: 1.0}"),
    *("{a: b} c", "{a}", "{a: }"),
    *("{a: {b: [c], d: 1:30}, e: {f: null}}", '{a: "{b: c}"}', "{a: b, c}"),
    *("{a.b: x, c/d: -5}", "{a: b #c}", '{a: {b: "{c: d}"}'),
)  # fmt: skip
KEYS = (
    "a",
    "b",
    "c",
    "a.b",
    "a-b",
    "x/y",
    "1",
    "on",
    "null",
    "<<",
    "=",
    "'q'",
    "a b",
    "é",
    "-a",
    "_",
    "k" * 140,
)
ODD = (
    "",
    " ",
    "  ",
    "\t",
    "#",
    "# c",
    "---",
    "...",
    "- ",
    "-",
    ":",
    "? ",
    "a",
    "'",
    '"',
    "[",
    "}",
    "{",
    ",",
    ": ",
    " #",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "é",
    "\r",
    "\x85",
    "&a ",
)


def real_texts() -> list[str]:
    rng = Random(5)
    owners = tenants(100, rng)
    assets = [asset(number, rng) for number in range(6)]
    jobs = [draft(it, owners[it % 8], assets[it % 6], "modules/aws/a", rng) for it in range(6)]
    examples = [it.read_text(encoding="utf-8") for it in sorted(EXAMPLES.rglob("*.yaml"))]
    return [JOB, ASSET, *map(asset_text, assets), *(it.text for it in jobs), *examples]


REAL = real_texts()


@st.composite
def made(draw: st.DrawFn) -> str:
    """A text of lines that are indented nearly at random."""
    lines = []
    for _ in range(draw(st.integers(1, 9))):
        indent = " " * draw(st.sampled_from((0, 0, 0, 1, 2, 2, 2, 3, 4, 4, 6)))
        dash = draw(st.sampled_from(("", "", "", "- ", "-   ")))
        key = draw(st.sampled_from(KEYS[:6] * 6 + KEYS))
        value = draw(st.sampled_from(SCALARS[:3] * 8 + SCALARS))
        behind = draw(
            st.sampled_from(("", "", "", "", " ", " # c", "  # dativo-lint: ignore[a] because b"))
        )
        kind = draw(st.integers(0, 9))
        said = f"{key}:" if kind < 3 else f"{key}: {value}" if kind < 8 else value
        if kind == 9 and draw(st.booleans()):
            said = draw(st.sampled_from(ODD))
        lines.append(f"{indent}{dash}{said}{behind}")
    return "\n".join(lines) + draw(st.sampled_from(("\n", "\n", "", "\n\n", " ")))


_PLAIN = ("b", "b c", "12", "-.5", "on", "~", "2024-01-31", "'q'", '"{a: b}"', "'[a, b]'", "a/b@c")
_INNERMOST = st.sampled_from((*_PLAIN * 3, "", "b:c", "c#d", "*e"))
_BLANKS = st.sampled_from(("", "", "", " ", "  "))
_FLOW_KEYS = ("b", "b.c", "d", "d/e-f", "_g", "h1")


@st.composite
def _flow(draw: st.DrawFn, depth: int = 0) -> str:
    """A scalar, list or mapping in brackets on one line, mostly of a usual kind."""
    if depth == 4 or (depth and draw(st.integers(0, 2)) == 0):
        return draw(_INNERMOST)
    is_odd = draw(st.integers(0, 19)) == 0
    is_list = draw(st.integers(0, 3)) == 0 or (depth > 2 and not is_odd)
    keys = ("b", "b", "on", "'q'", "1") if is_odd else draw(st.permutations(_FLOW_KEYS))
    held = []
    for number in range(draw(st.integers(0, 3))):
        below = draw(_INNERMOST if is_list and not is_odd else _flow(depth + 1))
        pair = f"{keys[number]}: {draw(_BLANKS)}{below}"
        held.append(f"{draw(_BLANKS)}{below if is_list is not is_odd else pair}{draw(_BLANKS)}")
    return f"[{','.join(held)}]" if is_list else f"{{{','.join(held)}}}"


@st.composite
def fitting(draw: st.DrawFn) -> str:
    """A text of lines that fit together, but for a few."""
    lines = []
    levels = [0]
    for number in range(draw(st.integers(1, 14))):
        is_opened = bool(lines) and lines[-1].endswith(":")
        if is_opened and draw(st.booleans()):
            levels.append(levels[-1] + draw(st.sampled_from((1, 2, 2, 4))))
        while len(levels) > 1 and not is_opened and draw(st.integers(0, 3)) == 0:
            levels.pop()
        key = f"{draw(st.sampled_from(KEYS[:6]))}{number}"
        dash = draw(st.sampled_from(("",) * 5 + ("- ",)))
        value = draw(st.sampled_from(("", "", " b", " b", " 12", " [a, b]", " {a: {b: [c]}}")))
        if draw(st.integers(0, 19)) == 0:
            value = f" {draw(st.sampled_from(SCALARS))}"
        behind = draw(st.sampled_from(("",) * 6 + (" # c", "\n", "\n   # dativo-lint: no")))
        lines.append(f"{' ' * levels[-1]}{dash}{key}:{value}{behind}")
        if draw(st.integers(0, 5)) == 0:
            items = draw(st.lists(st.sampled_from(("a", "'b'", "1", "c: d", "on")), max_size=3))
            lines[-1] = f"{' ' * levels[-1]}{key}:"
            beside = " " * (levels[-1] + draw(st.sampled_from((0, 2))))
            lines += [f"{beside}- {item}" for item in items]
    return "\n".join(lines) + draw(st.sampled_from(("\n", "")))


@st.composite
def bracketed(draw: st.DrawFn) -> str:
    """A text with lists and mappings in brackets, of which a character may be lost or odd."""
    lines = []
    for number in range(draw(st.integers(1, 3))):
        flow = draw(_flow())
        if draw(st.integers(0, 5)) == 0:
            at = draw(st.integers(0, len(flow)))
            flow = flow[:at] + draw(st.sampled_from((*ODD, "{", "]", ","))) + flow[at + 1 :]
        lines.append(draw(st.sampled_from((f"k{number}: {flow}", f"k{number}:\n  - {flow}"))))
    return "\n".join(lines) + "\n"


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """What somebody really wrote, with a few changes."""
    lines = draw(st.sampled_from(REAL)).split("\n")
    start = draw(st.integers(0, len(lines) - 1))
    lines = lines[start : start + draw(st.integers(1, 40))]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        column = draw(st.integers(0, len(lines[at])))
        what = draw(st.integers(0, 6))
        if what == 0:
            lines[at] = lines[at][:column] + draw(st.sampled_from(ODD)) + lines[at][column:]
        elif what == 1:
            lines[at] = lines[at][:column] + lines[at][column + 1 :]
        elif what == 2:
            lines[at] = " " * draw(st.integers(0, 6)) + lines[at].lstrip(" ")
        elif what == 3:
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        elif what == 4:
            lines[at] = f"{lines[at]} {draw(st.sampled_from(SCALARS))}"
        elif what == 5:
            lines[at] = f"{lines[at].partition(':')[0]}: {draw(st.sampled_from(SCALARS))}"
        else:
            lines[at] = lines[at].replace("  ", "- ", 1)
    return draw(st.sampled_from(("\n",) * 9 + ("\r\n",))).join(lines)
