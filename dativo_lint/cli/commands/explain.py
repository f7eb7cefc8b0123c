"""The command `explain`: all about one rule, under fixed headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
from msgspec.structs import replace

from dativo_lint.api import all_rules
from dativo_lint.checks import params_schema
from dativo_lint.cli.effective import EffectiveRule, as_data, effective_rules
from dativo_lint.cli.options import form_option, rule_names, settings_for, settings_options
from dativo_lint.cli.output import screen, show, show_json, show_parts, shown_table
from dativo_lint.errors import UsageError
from dativo_lint.names import nearest
from dativo_lint.reports.columns import wrapped
from dativo_lint.reports.escape import code, json_line, visible
from dativo_lint.reports.sentences import page_of, pages_of
from dativo_lint.reports.style import Ink, Style
from dativo_lint.rulebook.pages import page, sentence_of
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings.effective import is_named
from dativo_lint.settings.rule_settings import OFF
from dativo_lint.settings.settings import Settings

_HEADERS = ("rule", "severity", "what it finds")
_SHORT = 120
"""Characters of a list or table that fits into the sample of settings; a text always does."""
_WIDEST = 100
"""Columns of a line that is easy to read."""
_CODE_OR_LINK = re.compile(r"(?<!`)`([^`]{1,2000})`|\[([^\]]{1,200})\]\((\S{1,500})\)")
_KEPT, _OPEN, _CLOSE = "\N{NO-BREAK SPACE}", "\ue000", "\ue001"
"""Signs, none of them printable, that hold a span of code together while its line is broken."""
_UNBROKEN = 40
"""Characters of a span of code that stay on one line."""


@click.command()
@click.argument("rule", shell_complete=rule_names)
@form_option("text", "json", "markdown")
@settings_options
def explain(rule: str, form: str) -> None:
    """Explain a RULE, or list those of a family or glob.

    What it finds, why it matters, how to fix it, its parameters here and where they come from,
    how to change them, examples and sources.
    """
    settings = settings_for()
    every = all_rules(settings, whole=True)
    rows = {row.rule.id: row for row in effective_rules(every, settings)}
    name = rule.lower()
    selected = [row for row in rows.values() if is_named(row.rule, (name,))]
    if not selected:
        hint = nearest(name, (*rows, *{row.rule.family for row in rows.values()}))
        raise UsageError(f'unknown rule or family "{rule}"{hint} (list: dativo-lint rules)')
    if form == "json":
        show_json({"rules": list(map(as_data, selected))})
    elif name not in rows:
        cells = [(row.rule.id, row.severity, row.summary) for row in selected]
        show_parts([shown_table(_HEADERS, cells, pages_of(every))])
    else:
        text = "\n\n".join(_page(rows[name], settings))
        style = screen()
        lines = prose(text, style) if form == "text" else map(visible, text.split("\n"))
        show("\n".join(lines) + "\n")


def _page(row: EffectiveRule, settings: Settings) -> Iterator[str]:
    """The page of a rule, with its parameters as they are here and only two of its examples."""
    rule = row.rule
    kinds = {bool(example.findings): example for example in reversed(rule.examples)}
    examples = [kinds[kind] for kind in (True, False) if kind in kinds]
    sections = [*_parameters(row), *_changes(row, settings)]
    lacking, is_off = tuple(row.lacking), row.severity == OFF and rule.off_by_default
    here = replace(rule, examples=tuple(examples), requires_params=lacking, off_by_default=is_off)
    if row.severity != OFF:
        here = replace(here, severity=Severity(row.severity))
    yield page(here, sections).rstrip()
    if address := page_of(rule):
        lead = f"All {len(rule.examples)} examples: " if rule.page else ""
        yield f"## Page\n\n{lead}{address}"


def _parameters(row: EffectiveRule) -> Iterator[str]:
    """The severity and each parameter, with its value and where that comes from."""
    rule, known = row.rule, params_schema(row.rule.check)["properties"]
    yield f"Checked by `{rule.check}`: {sentence_of(rule.check)}"
    lines = [f"- `severity` = {row.severity} ({row.severity_from})"]
    for name in known:
        meaning = known[name].get("description", "")
        if name in row.params:
            origin = row.origins.get(f"params.{name}", "default")
            value = code(json_line(row.params[name]))
            lines.append(f"- `{name}` = {value} ({origin}): {meaning}")
        elif name in rule.requires_params:
            lines.append(f"- `{name}` is not set, and the rule is off without it: {meaning}")
    yield "\n".join(lines)
    if others := [
        f"`{name}`" for name in known if name not in (*row.params, *rule.requires_params)
    ]:
        yield f"Not used: {', '.join(others)}; see dativo-lint checks {rule.check}."


def _changes(row: EffectiveRule, settings: Settings) -> Iterator[str]:
    """How to change the rule: in the settings, for one run, and for one finding."""
    rule = row.rule
    severity = row.severity if row.severity != OFF else rule.severity.value
    lines = ["rules:", f"  {rule.id}:", f"    severity: {severity}  # error, warning, note or off"]
    values = {name: row.params.get(name, "...") for name in (*rule.requires_params, *row.params)}
    shown = {name: json_line(value) for name, value in values.items()}
    long = [
        param
        for param in shown
        if len(shown[param]) > _SHORT and not isinstance(values[param], str)
    ]
    params = [f"      {name}: {value}" for name, value in shown.items() if name not in long]
    params += [f"      # as above: {', '.join(long)}"] if long else []
    lines += ["    params:", *params] if params else []
    yield "## How to change it"
    yield "In `.dativo-lint.yml`, or under `[tool.dativo-lint]` in pyproject.toml:"
    yield "\n".join(("```yaml", *lines, "```"))
    places = [
        override.rules[rule.id].origin
        for override in settings.overrides
        if rule.id in override.rules
    ]
    if places:
        listed = ", ".join(places)
        yield f"For some jobs it is set otherwise: {listed} (dativo-lint config --for FILE)."
    yield f"For one run: `--ignore {rule.id}`. For one finding, a comment at its line:"
    yield f"```yaml\n# dativo-lint: ignore[{rule.id}] because REASON\n```"


def prose(markdown: str, style: Style) -> Iterator[str]:
    """The lines of a page; of Markdown, what pages of rules are made of."""
    fence = ""
    for line in map(visible, markdown.split("\n")):
        if fence:
            is_end = line == fence
            fence = "" if is_end else fence
            if not is_end:
                yield f"    {line}".rstrip()
        elif line.startswith("```"):
            fence = line.rstrip("abcdefghijklmnopqrstuvwxyz")
        elif line.startswith("#"):
            level, _, title = line.partition(" ")
            yield style.paint(title.upper() if level == "##" else title, Ink.BOLD)
        else:
            yield from _paragraph(line, style)


def _paragraph(line: str, style: Style) -> Iterator[str]:
    indent = "  " if line.startswith("- ") else ""
    text = _CODE_OR_LINK.sub(_plain, line)
    words = [(word.strip(_OPEN + _CLOSE), _linked(word, style)) for word in text.split(" ")]
    for piece in wrapped(words, min(style.width, _WIDEST), indent):
        whole = re.sub(
            f"{_OPEN}([^{_CLOSE}]*){_CLOSE}", lambda span: style.paint(span[1], Ink.NOTE), piece
        )
        yield whole.replace(_KEPT, " ").replace(_OPEN, "").replace(_CLOSE, "")


def _linked(word: str, style: Style) -> str:
    """A word as it is printed: an address leads there, without what follows it in a sentence."""
    if not word.startswith("https://"):
        return word
    address = word.rstrip(".,;:)")
    return style.link(address, address) + word[len(address) :]


def _plain(span: re.Match[str]) -> str:
    """A span of code held together, or a link with its address behind it."""
    code = span[1]
    if code is None:
        return f"{span[2]}: {span[3]}"
    held = code.replace(" ", _KEPT) if len(code) <= _UNBROKEN else code
    return f"{_OPEN}{held}{_CLOSE}"
