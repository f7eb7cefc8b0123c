"""Repositories with many defects, written in all styles of YAML and JSON."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from random import Random
from typing import Any

import yaml
from repository_samples import FILES

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "provider": ("aws", "AWS", "'aws'", '"aws"'),
    "compute_type": ("lambda", "Lambda", '"fargate"', "'lamda'", "Fargate"),
    "memory_mb": ("100", "0512", "2048", "4096", "!!int 128", "&m 100"),
    "vcpu": ("1.0", "3", "0.25"),
    "tag": ("FIN-001", "012", "'x'", "2024-01-31", "true", "1_000", "\U0001f600", "1:30", "*m"),
    "var": (
        "012",
        "[1:30, x]",
        "{a: 0x1F, b: [on, 'y']}",
        "no",
        "|\n{}  text\n{}  012",
        ">-\n{}  a",
    ),
    "finops": ("FIN-001", "012", "1:30", "''", "'it''s'", "production"),
    "lost": ("sales", "[a, b]", "a\n{}  b", "|\n{}  a"),
}
COMMENTS = ("", "", "", "  # why", " #\ttab\t", "   ", " # \U0001f600 \u00e9")
SUPPRESSION = "  # dativo-lint: ignore[{}] because of it"
DEEP = "\n" + 20 * " "
ALONE = ("", "", "", "{}# alone\n", "\n", "  \n", "{}    # deep\n", "# left: 012\n")


def _job(rnd: Random) -> dict[str, Any]:
    """A job as spellings of its values; some of its fields are wrong, misspelled or without use."""

    def some(kind: str, *names: str) -> dict[str, Any]:
        kept = [name for name in names if rnd.random() < 0.6]
        return {name: rnd.choice(SPELLINGS[kind]) for name in kept}

    size = {"compute_type": "compute_type", "memory_mb": "memory_mb", "vcpu": "vcpu"}
    blocks: dict[str, Any] = {
        "infrastructure": {
            "provider": rnd.choice(SPELLINGS["provider"]),
            **{name: rnd.choice(SPELLINGS[kind]) for name, kind in size.items()},
            "tags": some("tag", "CostCenter", "Build", "Due", "Project"),
            "terraform_vars": some("var", "one", "two"),
        },
        "finops": some("finops", "cost_center", "projekt", "environment", "enviroment"),
        "governance_overrides": some("lost", "domain", "regulations"),
        "classification_overrides": some("finops", "emial"),
        "retry_config": {"max_retries": rnd.choice(("03", "3"))},
        "logging": rnd.choice(("{}", "~", "", "{redaction: false}", "{level: INFO}")),
    }
    if "&m" not in blocks["infrastructure"]["memory_mb"]:
        tags = blocks["infrastructure"]["tags"]
        tags.update({name: "x" for name, value in tags.items() if value == "*m"})
    good = [line.split(": ") for line in FILES["jobs/orders.yaml"].splitlines()[:8]]
    kept = rnd.sample(sorted(blocks), rnd.randint(2, len(blocks)))
    return {**dict(good), **{name: blocks[name] for name in kept}}


def _yaml(data: dict[str, Any], rnd: Random) -> str:
    step, may_flow = rnd.choice((1, 2, 2, 3, 8)), rnd.random()

    def flow(value: Any) -> str:
        if not isinstance(value, dict):
            return "x" if "\n" in value or value in ("", "~") else str(value)
        gap, comma = (
            rnd.choice(("", " ", "\n          ")),
            rnd.choice((", ", " ,", ",\n          ")),
        )
        return f"{{{gap}{comma.join(f'{key}: {flow(each)}' for key, each in value.items())}{gap}}}"

    def block(values: dict[str, Any], indent: str) -> str:
        lines = ""
        for name, value in values.items():
            lines += rnd.choice(ALONE).format(indent) if lines else ""
            quote = rnd.choice(("", "", "", "'", '"'))
            comment = rnd.choice(COMMENTS)
            if rnd.random() < 0.1:
                rules = ("missing-owner", "unknown-feld", "unknown-field, missing-owner")
                comment = SUPPRESSION.format(rnd.choice(rules))
            lines += f"{indent}{quote}{name}{quote}:"
            if isinstance(value, dict) and value and rnd.random() >= may_flow:
                lines += f"{comment}\n{block(value, indent + ' ' * step)}"
            elif isinstance(value, dict):
                lines += f" {flow(value)}{comment}\n"
            elif "\n" in value:
                lines += f" {value.format(indent, indent)}\n"
            else:
                lines += f" {value}{comment}\n" if value else f"{comment}\n"
        return lines

    start, end = rnd.choice(
        (("", ""), ("---\n", "...\n"), ("# head\n\n", "\n"), ("%YAML 1.1\n---\n", ""))
    )
    return start + block(data, rnd.choice(("", "", "  "))) + end


def _json(data: dict[str, Any], rnd: Random) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        return str(value) if "*" in value else yaml.safe_load(value.replace("{}", ""))

    indent = rnd.choice((None, None, 1, 4, "\t"))
    separators = rnd.choice((None, (",", ":"), (" ,", " : "))) if indent is None else None
    ascii_only = rnd.random() < 0.5
    return json.dumps(
        plain(data), indent=indent, separators=separators, ensure_ascii=ascii_only, default=str
    )


def repository(seed: int) -> dict[str, bytes]:
    """The files of a repository: jobs of one asset, each file in a style of its own."""
    rnd = Random(seed)
    files = {path: text.encode() for path, text in FILES.items()}
    pii = rnd.choice(("[internal]", "[PII]"))
    retention = rnd.choice(("365", "0365"))
    asset = FILES["assets/orders.yaml"].replace("[internal]", pii).replace("365", retention)
    if rnd.random() < 0.5:
        asset = asset.replace("  cost_center: FIN-001\n", "")
    files["assets/orders.yaml"] = _encoded(asset, rnd)
    for number in range(rnd.randint(1, 2)):
        data, is_json = _job(rnd), rnd.random() < 0.25
        text = _json(data, rnd) if is_json else _yaml(data, rnd)
        files[f"jobs/job{number}.{'json' if is_json else 'yaml'}"] = _encoded(text, rnd)
    return files


def _encoded(text: str, rnd: Random) -> bytes:
    text = text.removesuffix("\n") if rnd.random() < 0.3 else text
    text = text.replace("\n", rnd.choice(("\n", "\n", "\r\n", "\r")))
    marks = (b"", b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    mark = rnd.choice(marks)
    encodings = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    return mark + text.encode(encodings.get(mark, "utf-8"))
