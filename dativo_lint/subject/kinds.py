"""What a document is, told by its shape."""

from __future__ import annotations

import re
from enum import Enum

from dativo_lint.texts.document import Document

JOB_FIELDS = ("asset_path", "source_connector_path", "infrastructure")
_TELLTALES = (
    *(name.encode() for name in JOB_FIELDS),
    b"asset:",
    b"'asset'",
    b'"asset"',
    b"DataContract",
    b"orchestrator",
    # Escapes, and quoted words that go on in the next line, can spell any word.
    b"\\x",
    b"\\u",
    b"\\U",
    b"\\\n",
    b"\\\r",
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


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
    if any(name in data for name in JOB_FIELDS):
        return Kind.JOB
    if isinstance(data.get("asset"), dict) or data.get("kind") == "DataContract":
        return Kind.ASSET
    if isinstance(document.value(("runner", "orchestrator", "schedules")), list):
        return Kind.RUNNER
    return Kind.OTHER


def may_concern(content: bytes) -> bool:
    """Whether a text nobody named is worth reading: whether it may hold what this linter judges.

    Wide encodings spell every word in another way, so such a text is read too.
    """
    is_wide = content.startswith(_WIDE) or b"\0" in content[:4]
    return is_wide or any(word in content for word in _TELLTALES)


def seems_to_be(text: str) -> Kind:
    """What a text that cannot be read was meant to be, told by the fields that it opens."""
    if _field(*JOB_FIELDS).search(text):
        return Kind.JOB
    is_asset = _field("asset").search(text) or _CONTRACT.search(text)
    return Kind.ASSET if is_asset else Kind.OTHER


_CONTRACT = re.compile(r"^['\"]?kind['\"]?[ \t]*:[ \t]*['\"]?DataContract\b", re.MULTILINE)


def _field(*names: str) -> re.Pattern[str]:
    """A field at the top of a YAML text, or anywhere in brackets."""
    return re.compile(rf"(?:^|[{{,]\s*)['\"]?(?:{'|'.join(names)})['\"]?[ \t]*:", re.MULTILINE)
