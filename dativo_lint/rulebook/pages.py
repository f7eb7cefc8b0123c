"""Pages: a rule as documentation, under fixed headings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dativo_lint.checks import check, params_schema
from dativo_lint.rulebook.rule import Example, Rule
from dativo_lint.version import HOME

GENERATED = "<!-- generated from the rule file; change that, and run: make docs -->"
_LEGEND = """\
Every built-in rule by family. `--fix` fixes what is *safe*, `--fix --unsafe-fixes` also what is
*unsafe*: see [fixes](../fixes.md). [Settings](../settings.md) change severities and parameters, and
add rules of your own."""
_PLAIN_KEY = re.compile(r"[a-z]{3,}([_-][a-z]+)*")


def page(rule: Rule, parameters: Sequence[str] = ()) -> str:
    """One rule in Markdown: what it finds, why it matters, what to do, examples, sources.

    `parameters` take the place of what is said of those by default.
    """
    heading = f"`{rule.id}` · {rule.family} · {_severity(rule)}"
    parts = [f"# {rule.id}", heading, "## What it finds", f"{rule.summary}."]
    if rule.when:
        parts.append(f"It applies where {_conditions(rule.when)}.")
    if rule.off_by_default:
        parts.append("It is off by default: select it by its id, or give it a severity.")
    if rule.requires_params:
        names = ", ".join(f"`{name}`" for name in rule.requires_params)
        parts.append(f"It is off until the settings contain its parameter {names}.")
    if rule.yields_to:
        names = ", ".join(f"`{name}`" for name in rule.yields_to)
        parts.append(
            "When one of these rules reports the same value, only the more severe finding is shown "
            f"(if equal, the other rule's): {names}."
        )
    if rule.refuses:
        parts.append("A value that this rule reports is not checked by other rules.")
    parts += ["## Why it matters", rule.why, "## What to do", rule.fix]
    if rule.fixable:
        option = "--fix" if rule.fixable == "safe" else "--fix --unsafe-fixes"
        parts.append(f"`dativo-lint check {option}` does it, where it can be done exactly.")
    parts += ["## Parameters", *(parameters or _parameters(rule))]
    parts.append("## Examples")
    parts += (text for example in rule.examples for text in _example(rule.id, example))
    sources = [f"- [{source.title}]({source.url})" for source in rule.sources]
    parts += ["## Sources", "\n".join(sources)]
    if rule.regulations:
        rows = [
            f"- [{each.name}, {each.section}]({each.url}): {each.title}"
            for each in rule.regulations
        ]
        parts += ["## Regulations", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def pages(rules: Iterable[Rule]) -> dict[str, str]:
    """The documentation of all rules, by file name; an index among them."""
    rules = sorted(rules, key=lambda rule: (rule.family, rule.id))
    files = {f"{rule.id}.md": _file(rule) for rule in rules}
    families = dict.fromkeys(rule.family for rule in rules)
    links = " · ".join(f"[{family}](#{family})" for family in families)
    lines = [GENERATED, "", "# Rules", "", _LEGEND, "", links, ""]
    family = ""
    for rule in rules:
        if rule.family != family:
            family = rule.family
            lines += [
                "",
                f"## {family}",
                "",
                "| rule | severity | fixable | what it finds |",
                "| --- | --- | --- | --- |",
            ]
        cells = f"[{rule.id}]({rule.id}.md)", _severity(rule), rule.fixable, rule.summary
        lines.append(f"| {' | '.join(cells)} |")
    return {**files, "README.md": "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"}


def _severity(rule: Rule) -> str:
    """The severity, and what is needed before a rule has it."""
    if rule.off_by_default:
        return f"{rule.severity.value}, off by default"
    needs = " and ".join(f"`{name}`" for name in rule.requires_params)
    return f"{rule.severity.value}, off without {needs}" if needs else rule.severity.value


def _file(rule: Rule) -> str:
    path = f"rules/{rule.family}/{rule.id}.yaml"
    text = page(rule)
    for name in rule.yields_to:
        text = text.replace(f"`{name}`", f"[{name}]({name}.md)")
    return f"{GENERATED}\n\n{text}\nThe rule itself: [{path}]({HOME}/blob/main/{path})\n"


def _conditions(when: Mapping[str, Any]) -> str:
    conditions = []
    for field, values in when.items():
        words = values if isinstance(values, (list, tuple)) else (values,)
        conditions.append(f"`{field}` is {' or '.join(f'`{word}`' for word in words)}")
    return " and ".join(conditions)


def sentence_of(name: str) -> str:
    """What a check holds its target to, in one sentence."""
    return f"{(check(name).__doc__ or '').strip().splitlines()[0].rstrip('.')}."


def _parameters(rule: Rule) -> list[str]:
    lines = [f"Checked by `{rule.check}`: {sentence_of(rule.check)}"]
    names = params_schema(rule.check)["properties"]
    rows = [
        f"- `{name}`: {names[name].get('description', '').rstrip('.')}."
        for name in names
        if name in rule.params or name in rule.requires_params
    ]
    return [*lines, "\n".join(rows)] if rows else lines


def _example(rule: str, example: Example) -> list[str]:
    parts = [f"### {example.title[:1].upper()}{example.title[1:]}"]
    files = {**example.files, **_settings(rule, example)}
    for path, text in files.items():
        parts.append(f"`{path}`\n\n{_fenced(_language(path), text)}")
    if not example.findings:
        parts.append("No finding.")
    else:
        # In a fence, so that no character of a value is read as Markdown.
        lines = (_printable(f"{expected.at}: {expected.says}") for expected in example.findings)
        parts.append(_fenced("text", "\n".join(lines)))
    for path, text in example.fixed.items():
        parts.append(f"Fixed, `{path}`:\n\n{_fenced(_language(path), text)}")
    return parts


def _language(path: str) -> str:
    if path.endswith((".tf", ".tofu")):
        return "hcl"
    return "json" if path.endswith("json") else "yaml"


def _settings(rule: str, example: Example) -> dict[str, str]:
    """The settings file that an example needs, by its path; nothing where it needs none."""
    settings = dict(example.settings)
    if example.params:
        settings["rules"] = {**settings.get("rules", {}), rule: {"params": dict(example.params)}}
    if not settings:
        return {}
    return {".dativo-lint.yml": "\n".join(_yaml_lines(settings))}


def _yaml_lines(settings: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Settings as people write them: mappings in blocks, and all else as JSON, which is YAML."""
    for key, value in settings.items():
        name = key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
        if isinstance(value, Mapping) and value:
            yield f"{indent}{name}:"
            yield from _yaml_lines(value, f"{indent}  ")
        else:
            yield f"{indent}{name}: {json.dumps(value, ensure_ascii=False)}"


def _printable(line: str) -> str:
    """A line without signs that break it, or that make a file binary in the eyes of git."""
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


def _fenced(language: str, text: str) -> str:
    fence = "```" if "```" not in text else "````"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
