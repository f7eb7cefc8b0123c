"""What AWS receives: the tags of the module's resources."""

from __future__ import annotations

from dativo_lint.jobs.sinks.cloud import Cloud


class Aws(Cloud):
    """The tags of AWS resources."""

    provider = "aws"
