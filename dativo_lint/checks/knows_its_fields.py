"""every field of a document is one that the platform knows"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dativo_lint.checks.breach import Breach, Judge, Open
from dativo_lint.schemas import schema
from dativo_lint.schemas.violations import Shape
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.said import Said
from dativo_lint.subject.text import Text
from dativo_lint.texts.place import spell

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["documents"],
    "properties": {
        "documents": {
            "type": "array",
            "items": {"enum": ["job", "asset"]},
            "minItems": 1,
            "description": "The kinds of documents, each held against the schema of its name.",
        }
    },
}


def prepare(params: Mapping[str, Any]) -> Judge:
    """Look for fields that the schemas do not know."""
    shapes = [(Kind(name), Shape(schema(name))) for name in params["documents"]]

    def judge(text: Text) -> Iterator[Breach | Open]:
        for kind, shape in shapes:
            for document in text.documents(kind):
                for route, message in shape.unknown(document.data):
                    subject = f"{spell(route)} " if route else ""
                    yield Breach(Said(document, route).key, f"{subject}{message}")

    return judge
