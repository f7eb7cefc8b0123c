"""The vocabulary of the rulebook: each check is a module that a rule names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from dativo_lint.checks.breach import Judge as Judge


class Check(Protocol):
    """The module of a check; `PARAMS` is the JSON Schema of its parameters."""

    __doc__: str | None
    PARAMS: Mapping[str, Any]

    def prepare(self, params: Mapping[str, Any], /) -> Judge: ...


CHECKS: tuple[str, ...] = (
    "allows_properly",
    "arrives_as_told",
    "avoids_rows",
    "classifies_columns",
    "counts_tags",
    "demands",
    "finds_files",
    "fits_a_row",
    "fits_address",
    "fits_pattern",
    "fits_ratio",
    "fits_sink",
    "keeps_keys_apart",
    "knows_its_fields",
    "layers_agree",
    "lets_tags_in",
    "matches_schema",
    "names_a_column",
    "names_an_output",
    "names_its_job",
    "overrides_take_effect",
    "parts_agree",
    "passes_tags_on",
    "passes_validation",
    "pins_sources",
    "ranks_no_lower",
    "readings_agree",
    "reads_cleanly",
    "reads_module",
    "reads_plan",
    "requires_field",
    "requires_tag",
    "restricts_tag",
    "spells_plainly",
    "stays_with_provider",
    "supplies_declared",
    "supplies_own_names",
    "supplies_required",
    "suits_its_variable",
    "tags_as_the_job_says",
    "tags_every_resource",
)
"""Every check by name; a module of this name stands beside this one."""

# Told here and not in the modules, of which a run imports only those whose rules apply.
_GRAINS: Mapping[str, tuple[str, ...]] = {
    "allows_properly": ("allowance",),
    "arrives_as_told": ("rendered",),
    "counts_tags": ("job", "rendered"),
    "fits_sink": ("job", "rendered"),
    "keeps_keys_apart": ("job", "rendered"),
    "knows_its_fields": ("text",),
    "matches_schema": ("text",),
    "names_its_job": ("rendered",),
    "overrides_take_effect": ("text",),
    "reads_cleanly": ("text",),
    "reads_plan": ("text",),
    "requires_tag": ("job", "rendered"),
    "restricts_tag": ("job", "rendered"),
    "spells_plainly": ("text",),
}


def check(name: str) -> Check:
    """The module of a check, imported when a rule first needs it; `name` is one of `CHECKS`."""
    # As `importlib.import_module`, which takes 0.4 ms to import.
    module: Any = __import__(f"dativo_lint.checks.{name}", fromlist=["prepare"])
    found: Check = module
    return found


def grains_of(name: str) -> tuple[str, ...]:
    """What a check judges.

    "job" (a Subject), "text" (a Text), "rendered" (a RenderedSet) or "allowance" (its use).
    """
    return _GRAINS.get(name, ("job",))
