"""What settings say of rules: severities and parameters, each with where it was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Place
from dativo_lint.jobs.condition import Condition

OFF = "off"


class RuleSetting(Struct, frozen=True):
    """What a shop says of one rule: another severity, `off`, or parameters laid over its own.

    `origins` tells of the severity and of each parameter, as `params.NAME`, where it was said.
    """

    severity: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    def over(self, weaker: RuleSetting | None) -> RuleSetting:
        """This laid over what was said before."""
        if weaker is None:
            return self
        params, origins = {**weaker.params, **self.params}, {**weaker.origins, **self.origins}
        return RuleSetting(self.severity or weaker.severity, params, self.place, origins)


class Override(Struct, frozen=True, eq=False):
    """Other settings of rules for the jobs for which a condition holds, in files that globs match
    where there are some; without a condition, for all that is in these files."""

    when: Condition
    rules: Mapping[str, RuleSetting]
    paths: tuple[str, ...] = ()


class SuppressionPolicy(Struct, frozen=True):
    """What a shop requires of suppressions.

    `require` has the severities and the names of rules for which a reason, a last day, an owner or
    a ticket must be there; `never` names the rules that may not be suppressed.
    """

    require: Mapping[str, tuple[str, ...]] = {}
    never: tuple[str, ...] = ()


def rule_settings(
    data: Mapping[str, Any], document: Document | None, origin: str = "given", *above: str | int
) -> dict[str, RuleSetting]:
    """Settings of rules by name; without a document, all are of one origin."""

    def told(*route: str | int) -> str:
        return origin if document is None else str(document.key_place((*above, "rules", *route)))

    settings = {}
    for name, written in data.items():
        said = written if isinstance(written, dict) else {"severity": written}
        severity = said.get("severity")
        place = document.key_place((*above, "rules", name)) if document is not None else None
        params = said.get("params") or {}
        origins = {f"params.{each}": told(name, "params", each) for each in params}
        if severity is not None:
            origins["severity"] = told(name, "severity") if said is written else told(name)
        # YAML reads off as false.
        settings[name] = RuleSetting(OFF if severity is False else severity, params, place, origins)
    return settings
