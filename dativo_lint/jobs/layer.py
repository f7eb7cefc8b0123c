"""The layers that a tag passes through, weakest first."""

from __future__ import annotations

from enum import Enum


class Layer(str, Enum):
    """Who speaks; a later layer overrides an earlier one."""

    ASSET = "asset"
    JOB = "job"
    INFRASTRUCTURE = "infrastructure"
    MODULE = "module"
    SINK = "sink"
