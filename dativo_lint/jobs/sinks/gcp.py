"""What Google Cloud receives: the labels of the module's resources."""

from __future__ import annotations

from dativo_lint.jobs.sinks.cloud import Cloud


class Gcp(Cloud):
    """The labels of Google Cloud resources."""

    provider = "gcp"
