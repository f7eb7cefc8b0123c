"""a resource gets no more tags than its provider lets it carry"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dativo_lint.checks.breach import Breach, Mention, Open
from dativo_lint.subject.said import is_open
from dativo_lint.subject.sinks import SINKS
from dativo_lint.subject.subject import Subject

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["most"],
    "properties": {
        "most": {
            "type": "object",
            "propertyNames": {"enum": sorted(SINKS)},
            "additionalProperties": {"type": "integer", "minimum": 0},
            "minProperties": 1,
            "description": "The most tags on one resource, by provider.",
        }
    },
}


def prepare(params: Mapping[str, Any]) -> Callable[[Subject], Iterator[Breach | Open]]:
    """Hold the number of tags against the limit of the job's provider."""
    most = dict(params["most"])
    least = min(most.values())

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        written = subject.value("infrastructure", "tags")
        if not isinstance(written, dict) or len(written) <= least:
            return
        said = subject.said("infrastructure", "provider")
        provider = said.value
        if is_open(provider):
            yield Open(said, f"{said.name} is {provider}: it sets how many tags a resource takes")
            return
        limit = most.get(provider.lower()) if isinstance(provider, str) else None
        if limit is None:
            return
        number = len({tag.key for tag in subject.sink(provider.lower())})
        if number > limit:
            block = subject.said("infrastructure", "tags")
            message = f"{block.name} holds {number} tags; {provider} takes at most {limit}"
            yield Breach(block, message, (Mention(said, f"provider is {provider}"),))

    return judge
