"""What a document is, told by its shape."""

from __future__ import annotations

from enum import Enum

from dativo_lint.texts.document import Document

JOB_FIELDS = ("asset_path", "source_connector_path", "infrastructure")
TELLTALES = (*JOB_FIELDS, "asset", "DataContract", "orchestrator")
"""Words of which one stands in every text that this linter has anything to say about."""


class Kind(str, Enum):
    """What a document is."""

    JOB = "job"
    ASSET = "asset"
    RUNNER = "runner"
    OTHER = "other"


def kind_of(document: Document) -> Kind:
    """Tell a job, an asset definition and a runner file from anything else."""
    data = document.data
    if not isinstance(data, dict):
        return Kind.OTHER
    if isinstance(data.get("asset"), dict) or data.get("kind") == "DataContract":
        return Kind.ASSET
    if any(name in data for name in JOB_FIELDS):
        return Kind.JOB
    if isinstance(document.value(("runner", "orchestrator", "schedules")), list):
        return Kind.RUNNER
    return Kind.OTHER


def may_concern(text: bytes) -> bool:
    """Whether a text that could not be read may have been meant for Dativo."""
    return any(word.encode() in text for word in JOB_FIELDS) or b"DataContract" in text
