"""Exact edits of documents: what a change is, and which other fields it would change."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeAlias

from dativo_lint.documents.document import Document, Node
from dativo_lint.documents.place import Field, spell
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.nodes import Refused, routes_to
from dativo_lint.edits.spelling import Unspeakable

_FRAGMENT: Final = re.compile(r"x-|\.")
"""The beginning of a key at the top that only holds an anchor."""
_P = ParamSpec("_P")
Change: TypeAlias = tuple[int, int, str]
"""From where to where, and the new text."""


def exactly(
    edit: Callable[Concatenate[Document, Field, _P], tuple[Node, Change]],
) -> Callable[Concatenate[Document, Field, _P], Edit | NotExact]:
    """An edit that is told with the node that it changes, or in which it changes something."""

    @wraps(edit)
    def edited(
        document: Document, route: Field, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Edit | NotExact:
        try:
            node, (start, end, text) = edit(document, route, *args, **kwargs)
            others = _others(route, routes_to(document, node))
        except (Refused, Unspeakable) as refusal:
            return NotExact(str(refusal))
        place = document.between(start, end, spell(route) if others else "")
        return Edit(place, text, others=others)

    return edited


def _others(route: Field, routes: Sequence[Field]) -> tuple[str, ...]:
    """The other fields that change with a field, where routes lead to it or to what it is in."""
    own = next((at for at in routes if at == route[: len(at)]), ())
    others = (at for at in routes if at != own and not _FRAGMENT.match(str(at[0])))
    return tuple(spell((*at, *route[len(own) :])) for at in others)
