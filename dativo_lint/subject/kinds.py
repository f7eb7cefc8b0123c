"""What a document is, told by its shape."""

from __future__ import annotations

from enum import Enum

from dativo_lint.texts.document import Document

JOB_FIELDS = ("asset_path", "source_connector_path", "infrastructure")
_TELLTALES = (
    *(name.encode() for name in JOB_FIELDS),
    b"asset:",
    b'"asset"',
    b"DataContract",
    b"orchestrator",
    b"\\x",
    b"\\u",
)


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


def may_concern(content: bytes) -> bool:
    """Whether a text nobody named is worth reading: whether it may hold what this linter judges.

    Escapes can spell any word, and wide encodings any other way, so such a text is read too.
    """
    return any(word in content for word in _TELLTALES) or content[:2] in (b"\xff\xfe", b"\xfe\xff")
