"""The rules of a SARIF report, with their help, and the regulations that they are about."""

from __future__ import annotations

from collections.abc import Sequence

from dativo_lint.reports.escape import Json, markdown, shortened, visible
from dativo_lint.reports.sarif_limits import DESCRIPTION, NAME, TAGS
from dativo_lint.reports.sentences import TOOL, is_web, page_of, printable, web_sources
from dativo_lint.rulebook.rule import Regulation, Rule, Severity
from dativo_lint.version import HOME, __version__

_HELP = 20_000
_PROBLEMS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "recommendation",
}


class Taxonomies:
    """The regulations that rules name, each a taxonomy of the sections that are named."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._sections: dict[str, dict[str, Regulation]] = {}
        for each in (each for rule in rules for each in rule.regulations):
            self._sections.setdefault(each.name, {}).setdefault(each.section, each)
        self._numbers = {
            key: number
            for name, sections in self._sections.items()
            for number, key in enumerate((name, section) for section in sections)
        }
        self._references: dict[str, Json] = {
            name: {"name": visible(name), "index": number}
            for number, name in enumerate(self._sections)
        }

    def described(self) -> list[Json]:
        """The taxonomies, for the run."""
        return [
            {
                "name": visible(name),
                "shortDescription": {"text": printable(name)},
                "isComprehensive": False,
                "taxa": [_taxon(section) for section in sections.values()],
            }
            for name, sections in self._sections.items()
        ]

    def supported(self) -> list[Json]:
        """References to the taxonomies, for the tool."""
        return [*self._references.values()]

    def relationships(self, rule: Rule) -> list[Json]:
        """The sections that a rule is about."""
        return [
            {
                "target": {
                    "id": visible(each.section),
                    "index": self._numbers[each.name, each.section],
                    "toolComponent": self._references[each.name],
                },
                "kinds": ["relevant"],
            }
            for each in rule.regulations
        ]


def _taxon(section: Regulation) -> Json:
    taxon: Json = {
        "id": visible(section.section),
        "shortDescription": {"text": printable(section.title)},
    }
    return taxon | ({"helpUri": section.url} if is_web(section.url) else {})


def driver(rules: Sequence[Rule], taxonomies: Taxonomies) -> Json:
    """The tool, with its rules."""
    component: Json = {
        "name": TOOL,
        "informationUri": HOME,
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule, taxonomies.relationships(rule)) for rule in rules],
    }
    references = taxonomies.supported()
    return component | ({"supportedTaxonomies": references} if references else {})


def _rule(rule: Rule, relationships: list[Json]) -> Json:
    """A rule with its help; without `security-severity`, which would make it a security alert."""
    summary = printable(rule.summary.strip()) or visible(rule.id)
    tags = dict.fromkeys([rule.family, *(each.name for each in rule.regulations)])
    descriptor: Json = {
        "id": visible(rule.id),
        "name": _pascal(visible(rule.id))[:NAME],
        "shortDescription": {"text": shortened(summary, DESCRIPTION)},
        "fullDescription": {"text": shortened(_prose(rule.why) or summary, DESCRIPTION)},
        "help": {
            "text": shortened(_help_text(rule), _HELP),
            "markdown": shortened(_help_markdown(rule), _HELP),
        },
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {
            "tags": [visible(tag) for tag in tags if tag][:TAGS],
            "precision": "very-high" if rule.severity is Severity.ERROR else "high",
            "problem.severity": _PROBLEMS[rule.severity],
        },
    }
    page = page_of(rule)
    descriptor |= {"helpUri": page} if page else {}
    return descriptor | ({"relationships": relationships} if relationships else {})


def _pascal(id: str) -> str:
    """An id in PascalCase; one that is all dashes as it is."""
    return "".join(part.capitalize() for part in id.split("-")) or id


def _help_text(rule: Rule) -> str:
    sources = [f"- {visible(source.title)}: {visible(source.url)}" for source in rule.sources]
    parts = [
        _prose(rule.why) or visible(rule.id),
        f"What to do: {_prose(rule.fix)}" if rule.fix else "",
        "\n".join(["Sources:", *sources]) if sources else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _help_markdown(rule: Rule) -> str:
    sources = [f"- [{markdown(source.title)}](<{source.url}>)" for source in web_sources(rule)]
    parts = [
        markdown(_prose(rule.why) or visible(rule.id)),
        f"**What to do:** {markdown(_prose(rule.fix))}" if rule.fix else "",
        "\n".join(["**Sources:**\n", *sources]) if sources else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _prose(text: str) -> str:
    return visible(" ".join(text.split()))
