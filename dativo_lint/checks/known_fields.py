"""every field of a document is one that the platform knows"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from dativo_lint.checks.breach import Breach, Judge, Open
from dativo_lint.schemas import schema
from dativo_lint.schemas.violations import Shape
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.said import Said
from dativo_lint.subject.text import Text
from dativo_lint.texts.place import spell

APPLIES_TO = ("text",)


class Params(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule gives this check."""

    documents: Annotated[
        tuple[Literal["job", "asset"], ...],
        Meta(
            min_length=1,
            description="The kinds of documents, each held against the schema of its name.",
        ),
    ]


def prepare(params: Params) -> Judge:
    """Look for fields that the schemas do not know."""
    shapes = [(Kind(name), Shape(schema(name))) for name in params.documents]

    def judge(text: Text) -> Iterator[Breach | Open]:
        for kind, shape in shapes:
            for document in text.documents(kind):
                for route, message in shape.unknown(document.data):
                    subject = f"{spell(route)} " if route else ""
                    yield Breach(Said(document, route).key, f"{subject}{message}")

    return judge
