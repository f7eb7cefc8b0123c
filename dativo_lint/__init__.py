"""dativo-lint: a policy and compliance linter for Dativo ETL jobs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dativo_lint.api import derive_tags, lint, load_job
    from dativo_lint.version import __version__

__all__ = ["__version__", "derive_tags", "lint", "load_job"]

_PUBLIC = {
    "__version__": "dativo_lint.version",
    "derive_tags": "dativo_lint.api",
    "lint": "dativo_lint.api",
    "load_job": "dativo_lint.api",
}
"""Of each public name: the module that it lives in."""


def __getattr__(name: str) -> object:
    """Import what is public when it is first asked for; the command line never pays for it."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value
