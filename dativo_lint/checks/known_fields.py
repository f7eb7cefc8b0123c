"""every field of a document is one that the platform knows"""

from __future__ import annotations

from typing import Annotated, Literal

from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Judge, Results, Violation
from dativo_lint.documents.place import spell
from dativo_lint.edits.names import renamed
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text
from dativo_lint.schemas import schema
from dativo_lint.schemas.violations import Shape

APPLIES_TO = ("text",)


class Params(RuleParams, frozen=True):
    documents: Annotated[
        tuple[Literal["job", "asset"], ...],
        non_empty("The kinds of documents, each with the schema of its name."),
    ]


def prepare(params: Params) -> Judge:
    """Look for fields that the schemas do not know."""
    shapes = [(Kind(name), Shape(schema(name))) for name in params.documents]

    def judge(text: Text) -> Results:
        for kind, shape in shapes:
            for document in text.documents(kind):
                for route, message in shape.unknown(document.data):
                    name = f"{spell(route)} " if route else ""
                    around = shape.fields.at(route[:-1]) if route else None
                    fixes = renamed(document, route, around.named) if around else ()
                    yield Violation(FieldRef(document, route).key, f"{name}{message}", fixes=fixes)

    return judge
