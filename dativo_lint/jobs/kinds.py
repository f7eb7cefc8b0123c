"""The kind of a document, by its shape."""

from __future__ import annotations

import re
from enum import Enum
from itertools import islice, starmap
from typing import Any

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.job_shape import (
    CONNECTORS,
    INFRASTRUCTURE,
    MOST_KEYS,
    PATH_FIELDS,
    SIGNS,
    TEXT_SUFFIXES,
    has_any,
    is_job,
    is_misspelt_job,
    is_misspelt_path,
)
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.jobs.terraform_plan import is_plan
from dativo_lint.names import nearest

A_JOB = (
    "a job has asset_path, source_connector_path or infrastructure.provider, "
    "or matches the setting jobs"
)
"""What is expected of a file in which no job is found."""
_CONTRACT = ("source_type", "object", "compliance", "finops")
"""Fields of a data contract that the Open Data Contract Standard does not have."""
_ASSET = (*_CONTRACT, "team", "governance", "schema", "dataProduct", "data_quality")
"""Fields below `asset` that only an asset definition has."""
# Escapes, and quoted strings over several lines, can hide any word.
_ESCAPES = (b"\\x", b"\\u", b"\\U", b"\\\n", b"\\\r")
_TELLTALES = (
    *(name.encode() for name in (*PATH_FIELDS, "infrastructure")),
    # And jobs in which these are misspelt.
    *(name.encode() for name in (*SIGNS, *INFRASTRUCTURE[1:])),
    b"assetPath",
    b"sourceConnectorPath",
    b"asset:",
    b"'asset'",
    b'"asset"',
    b"DataContract",
    b"orchestrator",
    # What opens a rendered set: of a plan, of a table, and of the platform's own form.
    b'"format_version"',
    b'"finops.',
    b'"governance.',
    b'"classification.',
    b"sink:",
    b'"sink"',
    b"'sink'",
    *_ESCAPES,
)
# And a field that names a file, and may be one of these with a typo.
_FILE_FIELD = re.compile(
    rb"(?i)\b[as][\w-]{5,24}['\"]?[ \t]*:\s*[^\n:,]*(?:\.ya?ml|\.json|\$\{)", re.ASCII
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")

TABLE_FIELDS = ("format-version", "table-uuid", "properties")
"""The fields of the metadata of an Iceberg table; the last has its tags."""
VARIABLES_SUFFIXES = (".tfvars", ".tfvars.json")
MODULE_SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json", *VARIABLES_SUFFIXES)
"""How the names of a module's files end."""
_SUPPLIED = ("infrastructure_", "finops_", "governance_", "classification_", "terraform_module")
"""How variables begin that only the platform supplies."""


class Kind(str, Enum):
    """What a document is."""

    JOB = "job"
    ASSET = "asset"
    CONNECTOR = "connector"
    """A recipe, which only the job that names it makes one."""
    RUNNER = "runner"
    RENDERED = "rendered"
    OTHER = "other"


def kind_of(document: Document) -> Kind:
    """The kind of a document that Dativo reads, or its pipelines write; `OTHER` for the rest."""
    data = document.data
    if not isinstance(data, dict):
        # The platform takes no list of jobs, which is told of it as of a job.
        return Kind.JOB if _is_list_of_jobs(data) else Kind.OTHER
    is_contract = data.get("kind") == "DataContract"
    if _is_of_kubernetes(data):
        return Kind.OTHER
    if is_job(data):
        return Kind.JOB
    if has_any(data.get("asset"), _ASSET):
        return Kind.ASSET
    if is_contract and (has_any(data, _CONTRACT) or has_any(data.get("team"), ("owner",))):
        return Kind.ASSET
    if document.value(("runner", "orchestrator", "schedules")) is not ABSENT:
        return Kind.RUNNER
    if _is_rendered(document):
        return Kind.RENDERED
    return Kind.JOB if is_misspelt_job(data) else Kind.OTHER


def _is_list_of_jobs(data: Any) -> bool:
    return isinstance(data, list) and any(map(is_job, data))


def _is_of_kubernetes(data: Any) -> bool:
    """Whether a mapping is an object of Kubernetes, or of what is like it."""
    return "apiVersion" in data and data.get("kind", "DataContract") != "DataContract"


def nearly(document: Document) -> str:
    """What keeps a document from being of a kind, where it plainly was meant to be; else empty."""
    data = document.data
    if _is_list_of_jobs(data):
        return "it holds a list of jobs; expected each in a document of its own"
    if not isinstance(data, dict) or _is_of_kubernetes(data):
        return ""
    if kind_of(document) is not Kind.OTHER:
        return ""
    for name in PATH_FIELDS if has_any(data, SIGNS) else ():
        if name in data:
            return f"{name} is {quoted(data[name])}; expected the path of a YAML or JSON file"
    sign = next((sign for sign in CONNECTORS if sign in data), None)
    if sign:
        return f"it has {sign}, but {A_JOB}"
    for name, value in islice(data.items(), MOST_KEYS):
        if any(is_job(each) and has_any(each, SIGNS) for each in _items(value)):
            return f"{quoted(name)} holds a job; expected its fields at the top of the file"
        if isinstance(value, dict) and len(value.keys() & set(_ASSET)) > 1:
            if isinstance(name, str) and (hint := nearest(name, ("asset",))):
                return f"{quoted(name)} holds an asset definition{hint}"
        if is_misspelt_path(name, value):
            return f"{quoted(name)} is not a known field{nearest(name, PATH_FIELDS)}"
    return ""


def _items(value: Any) -> list[Any]:
    return value[:MOST_KEYS] if isinstance(value, list) else [value]


def _is_rendered(document: Document) -> bool:
    """Whether a rendered set is recognised by its shape; a bare flat mapping is not."""
    data = document.data
    if "format_version" in data:
        return is_plan(data)
    return is_table_metadata(data) or is_variables_file(document) or names_sink_or_job(data)


def is_table_metadata(data: Any) -> bool:
    """Whether a mapping is the metadata of an Iceberg table."""
    return all(name in data for name in TABLE_FIELDS) and isinstance(data["properties"], dict)


def is_called_variables(document: Document) -> bool:
    """Whether a document is a Terraform variables file, by its name."""
    is_any = isinstance(document.data, dict) and bool(document.data)
    return is_any and document.path.endswith(VARIABLES_SUFFIXES)


def is_variables_file(document: Document) -> bool:
    """Whether a document is a Terraform variables file that the platform wrote."""
    return is_called_variables(document) and any(
        isinstance(name, str) and name.startswith(_SUPPLIED) for name in document.data
    )


def names_sink_or_job(data: Any) -> bool:
    """Whether a mapping has tags and names their sink or their job."""
    if not isinstance(data.get("tags"), dict):
        return False
    job = data.get("job")
    is_path = isinstance(job, str) and job.lower().endswith(TEXT_SUFFIXES)
    return is_path or (isinstance(data.get("sink"), str) and data["sink"] in RECEIVING)


def is_recipe(data: Any) -> bool:
    """Whether a mapping is plainly a connector recipe: it has nothing of an asset."""
    names = ("asset", "version", *_ASSET)
    return isinstance(data, dict) and "type" in data and not has_any(data, names)


def is_flat(data: Any) -> bool:
    """Whether a document is a mapping of nothing but scalars, as bare tags are."""
    return (
        isinstance(data, dict)
        and bool(data)
        and not any(isinstance(value, (dict, list)) for value in data.values())
    )


def may_concern(content: bytes) -> bool:
    """Whether a file may be a job, an asset or a rendered set, so that it is worth parsing.

    Wide encodings hide every word, so such a file is parsed too.
    """
    # Nearly all texts that concern us hold the first of them.
    if _TELLTALES[0] in content or _is_wide(content):
        return True
    return any(word in content for word in _TELLTALES) or bool(_FILE_FIELD.search(content))


def may_be_runner(content: bytes) -> bool:
    """Whether a text may be a runner file."""
    return _is_wide(content) or any(it in content for it in (b"orchestrator", *_ESCAPES))


def _is_wide(content: bytes) -> bool:
    return content.startswith(_WIDE) or b"\0" in content[:4]


def seems_rendered(content: bytes) -> bool:
    """Whether a text too large for anything else may be a plan, or the metadata of a table."""
    return any(word in content for word in (b'"format_version"', b'"table-uuid"'))


def seems_plan(text: str) -> bool:
    """Whether a text begins as a plan does."""
    return re.match(_PLAN, text) is not None


def seems_to_be(text: str) -> Kind:
    """The kind that a broken file seems to have, by the fields at its top."""
    if seems_plan(text):
        return Kind.RENDERED
    text = text.replace("\0", "")  # of wide characters without a byte order mark
    is_job = re.search(_INFRASTRUCTURE_FIELD, text) and re.search(_JOB_DETAIL, text)
    if is_job or re.search(_PATH_FIELD, text):
        return Kind.JOB
    outline = _outline(text)
    if is_misspelt_job(outline) or any(starmap(is_misspelt_path, outline.items())):
        return Kind.JOB
    if re.search(_RUNNER_FIELD, text) and re.search(_RUNNER_DETAIL, text):
        return Kind.RUNNER
    has_asset = re.search(_ASSET_FIELD, text) is not None
    if has_asset and all(re.search(detail, text) for detail in _NAME_AND_VERSION):
        return Kind.ASSET
    may_be_asset = has_asset or re.search(_IS_CONTRACT, text)
    return Kind.ASSET if may_be_asset and re.search(_ASSET_DETAIL, text) else Kind.OTHER


def _outline(text: str) -> dict[str, Any]:
    """The fields at the top of a broken text: the value in the same line, or else all fields."""
    fields = [match.groups() for match in re.finditer(_FIELD, text)]
    names = dict.fromkeys(name for _, name, _ in fields)
    return {
        name: value.strip(" \t'\"") or names
        for before, name, value in fields
        if before.strip() or not before
    }


# Compiled when a text cannot be read.
_PLAN = r'\s*\{\s*"format_version"\s*:'
# A field at the top of a YAML text, or anywhere in brackets; and one anywhere.
_TOP = r"(?m)(?:^|[{,]\s*)['\"]?(?:%s)['\"]?[ \t]*:"
_ANYWHERE = r"(?m)(?:^[ \t]*|[{,]\s*)['\"]?(?:%s)['\"]?[ \t]*:"
_FIELD = r"(?m)(^[ \t]*|[{,]\s*)['\"]?([\w-]+)['\"]?[ \t]*:([^\n,{]*)"
_PATH_FIELD = _TOP % "|".join((*PATH_FIELDS, *CONNECTORS))
_INFRASTRUCTURE_FIELD = _TOP % "infrastructure"
_JOB_DETAIL = _ANYWHERE % "|".join(INFRASTRUCTURE)
_ASSET_FIELD = _TOP % "asset"
_IS_CONTRACT = r"(?m)^['\"]?kind['\"]?[ \t]*:[ \t]*['\"]?DataContract\b"
_ASSET_DETAIL = _ANYWHERE % "|".join((*_ASSET, "domain", "classification"))
_NAME_AND_VERSION = [_ANYWHERE % name for name in ("name", "version")]
_RUNNER_FIELD = _TOP % "runner"
_RUNNER_DETAIL = _ANYWHERE % "orchestrator|schedules"
