"""Pages: a rule as documentation, under fixed headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dativo_lint.checks import check
from dativo_lint.rulebook.rule import Example, Rule

GENERATED = "<!-- generated from the rule file; change that, and run: make docs -->"


def page(rule: Rule) -> str:
    """One rule in Markdown: what it finds, why it matters, what to do, examples, sources."""
    told = f"`{rule.id}` · {rule.family} · {rule.severity.value}"
    parts = [f"# {rule.id}", told, "## What it finds", f"{rule.summary}."]
    if rule.when:
        parts.append(f"It applies where {_conditions(rule.when)}.")
    if rule.awaits:
        names = ", ".join(f"`{name}`" for name in rule.awaits)
        parts.append(f"It is silent until the settings give its parameter {names}.")
    parts += ["## Why it matters", rule.why, "## What to do", rule.fix]
    parts += ["## Parameters", *_parameters(rule)]
    parts += ["## Examples", *(text for example in rule.examples for text in _example(example))]
    sources = [f"- [{source.title}]({source.url})" for source in rule.sources]
    parts += ["## Sources", "\n".join(sources)]
    return "\n\n".join(parts) + "\n"


def pages(rules: Iterable[Rule]) -> dict[str, str]:
    """The documentation of all rules, by file name; an index among them."""
    rules = sorted(rules, key=lambda rule: (rule.family, rule.id))
    files = {f"{rule.id}.md": f"{GENERATED}\n\n{page(rule)}" for rule in rules}
    lines = [GENERATED, "", "# Rules", ""]
    family = ""
    for rule in rules:
        if rule.family != family:
            family = rule.family
            lines += [
                "",
                f"## {family}",
                "",
                "| rule | severity | what it finds |",
                "| --- | --- | --- |",
            ]
        lines.append(f"| [{rule.id}]({rule.id}.md) | {rule.severity.value} | {rule.summary} |")
    return {**files, "README.md": "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"}


def _conditions(when: Mapping[str, Any]) -> str:
    told = []
    for field, values in when.items():
        words = values if isinstance(values, (list, tuple)) else (values,)
        told.append(f"`{field}` is {' or '.join(f'`{word}`' for word in words)}")
    return " and ".join(told)


def _parameters(rule: Rule) -> list[str]:
    module = check(rule.check)
    sentence = (module.__doc__ or "").strip().splitlines()[0].rstrip(".")
    lines = [f"Checked by `{rule.check}`: {sentence}."]
    names = module.PARAMS.get("properties", {})
    rows = [
        f"- `{name}`: {names[name].get('description', '').rstrip('.')}."
        for name in names
        if name in rule.params or name in rule.awaits
    ]
    return [*lines, "\n".join(rows)] if rows else lines


def _example(example: Example) -> list[str]:
    parts = [f"### {example.title[:1].upper()}{example.title[1:]}"]
    for path, text in example.files.items():
        language = "hcl" if path.endswith(".tf") else "json" if path.endswith("json") else "yaml"
        fence = "```" if "```" not in text else "````"
        parts.append(f"`{path}`\n\n{fence}{language}\n{text.rstrip()}\n{fence}")
    if example.params:
        given = ", ".join(f"`{name}`: `{value}`" for name, value in example.params.items())
        parts.append(f"With the parameters {given}:")
    if not example.findings:
        parts.append("No finding.")
    else:
        parts.append("\n".join(f"- `{it.at}`: {it.says}" for it in example.findings))
    return parts
