"""What the documentation takes from the package: every option, every setting, every rule."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click
import yaml

from dativo_lint.cli.commands import command_line
from dativo_lint.rulebook.rule import Rule
from dativo_lint.schemas import resolved, schema
from dativo_lint.schemas.fields import Fields, fields_of
from dativo_lint.settings.source import OF_FOLDERS

_COMMANDS = """\
<!-- generated from the command line; change that, and run: make docs -->

# All commands

Every command with its options, as `dativo-lint COMMAND --help` (or `-h`) shows them. `check` is the
default: `dativo-lint jobs/` is `dativo-lint check jobs/`. Options may come before or after the
command. [The command line](../cli.md) has an overview, exit codes and environment variables.
"""
_SETTINGS = """\
<!-- generated from the schema of settings; change that, and run: make docs -->

# All settings

Every key of `.dativo-lint.yml`, and of `[tool.dativo-lint]` in `pyproject.toml`, with an example.
[Settings](../settings.md) explains how files, presets and overrides combine. `dativo-lint config`
prints the values in effect, and `dativo-lint schema settings` the JSON Schema from which editors
complete and check them.
"""
NAV = "  # The rules: generated, run: make docs\n"


def commands_page() -> str:
    """Every command of the command line, with its arguments and options."""
    context = click.Context(command_line, info_name="dativo-lint", terminal_width=1000)
    return "\n".join([_COMMANDS, *_command(command_line, context)])


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    """A command and those below it, in Markdown."""
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    usage = usage.replace("[[", "[").replace("]]", "]")  # as older versions of click write it
    text = inspect.cleandoc(command.help or "")
    yield f"## {context.command_path}\n"
    yield f"`{usage}`\n"
    yield "\n\n".join(" ".join(each.split()) for each in text.split("\n\n")) + "\n"
    yield "| option | |\n| --- | --- |"
    for option in command.params:
        if isinstance(option, click.Option):
            yield f"| {_names(option)} | {_help(option, context)} |"
    yield ""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from _command(child, click.Context(child, parent=context, info_name=name))


def _names(option: click.Option) -> str:
    names = ", ".join(option.opts)
    return f"`{f'{names} {option.metavar}' if option.metavar else names}`".replace(", ", "`, `")


def _help(option: click.Option, context: click.Context) -> str:
    """What an option does, its choices and its default, as the help has them."""
    _, text = option.get_help_record(context) or ("", "")
    text = re.sub(r"\s*\[[^]]*x[<>]=[^]]*]", "", text)  # a range
    text = re.sub(r"\s*\[default: ([^]]*)]", r" Default: \1.", text)
    if isinstance(option.type, click.Choice):
        choices = ", ".join(f"`{choice}`" for choice in option.type.choices)
        text = re.sub(r"(?= Default: |$)", f" One of {choices}.", text, count=1)
    return re.sub(r"([*<|])", r"\\\1", " ".join(text.split()))


def settings_page() -> str:
    """Every setting: what it is, what is expected, the default, and an example."""
    root = schema("settings")
    fields = fields_of(root)
    parts = [_SETTINGS]
    for name, setting in root["properties"].items():
        parts += [f"## `{name}`\n", setting["description"] + "\n"]
        where = " Also in the settings of a folder." if name in OF_FOLDERS else ""
        parts.append(f"Expected: {_expected(fields.named[name], setting)}.{where}\n")
        rows = list(_rows(name, fields.named[name], setting, root))
        if rows:
            parts.append("\n".join(["| key | expected | |", "| --- | --- | --- |", *rows]) + "\n")
        parts.append(f"```yaml\n{_yaml(name, _example(setting, root))}```\n")
    return "\n".join(parts)


def _rows(
    name: str, fields: Fields, part: Mapping[str, Any], root: Mapping[str, Any]
) -> Iterator[str]:
    """A line each of a table of the keys below a setting, or of each of its items."""
    part = _followed(part, root)
    if "items" in part and fields.items is not None:
        name, fields, part = f"{name}[]", fields.items, _followed(part["items"], root)
    for key, below in part.get("properties", {}).items():
        inner = _followed(below, root)
        if inner.get("properties"):
            yield from _rows(f"{name}.{key}", fields.named[key], below, root)
        else:
            expected = _expected(fields.named[key], inner)
            yield f"| `{name}.{key}` | {expected} | {inner['description']} |"


def _followed(part: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of the schema together with what it refers to."""
    return {**resolved(root, part["$ref"]), **part} if "$ref" in part else part


def _expected(fields: Fields, part: Mapping[str, Any]) -> str:
    """What is expected of a setting, and its default."""
    choices = ", ".join(f"`{choice}`" for choice in fields.choices)
    text = fields.expected or fields.kind
    if choices:
        text = f"{fields.expected or 'one'} of {choices}"
    if "default" in part:
        default = yaml.safe_dump(part["default"], default_flow_style=True, width=1000)
        text += f"; default: `{default.removesuffix('...' + chr(10)).strip()}`"
    return text


def _example(part: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """A value of a setting: the first example, or the examples of its keys, or its default."""
    part = _followed(part, root)
    if part.get("examples"):
        return part["examples"][0]
    if "properties" in part:
        return {name: _example(below, root) for name, below in part["properties"].items()}
    return part["default"]


def _yaml(name: str, value: Any) -> str:
    flow = None if isinstance(value, (dict, list)) else False
    return yaml.safe_dump({name: value}, sort_keys=False, default_flow_style=flow, width=100)


def rules_in_navigation(rules: Iterable[Rule]) -> str:
    """The end of the site's navigation: the index of rules, then each rule below its family."""
    lines, family = ["  - Rules:", "    - rules/README.md"], ""
    for rule in sorted(rules, key=lambda rule: (rule.family, rule.id)):
        if rule.family != family:
            family = rule.family
            lines.append(f"    - {family}:")
        lines.append(f"      - {rule.id}: rules/{rule.id}.md")
    return "\n".join(lines) + "\n"
