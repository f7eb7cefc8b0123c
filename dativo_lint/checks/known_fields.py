"""every field of a document is one that the platform knows"""

from functools import cached_property
from typing import Annotated, Literal

from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Results, Violation
from dativo_lint.documents.place import spell
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text
from dativo_lint.schemas import schema
from dativo_lint.schemas.violations import Shape

APPLIES_TO = ("text",)


class Check(RuleParams, frozen=True):
    documents: Annotated[
        tuple[Literal["job", "asset"], ...],
        non_empty("The kinds of documents, each with the schema of its name."),
    ]

    @cached_property
    def _shapes(self) -> list[tuple[Kind, Shape]]:
        return [(Kind(name), Shape(schema(name))) for name in self.documents]

    def judge(self, text: Text) -> Results:
        """Look for fields that the schemas do not know."""
        for kind, shape in self._shapes:
            for document in text.documents(kind):
                for route, message in shape.unknown(document.data):
                    from dativo_lint.edits.names import renamed  # only a violation needs it

                    name = f"{spell(route)} " if route else ""
                    around = shape.fields.at(route[:-1]) if route else None
                    fixes = renamed(document, route, around.named) if around else ()
                    yield Violation(FieldRef(document, route).key, f"{name}{message}", fixes=fixes)
