"""The layers that a tag passes through, weakest first."""

from __future__ import annotations

from enum import Enum


class Layer(str, Enum):
    """The layer of an assignment; a later one overrides an earlier one."""

    ASSET = "asset"
    JOB = "job"
    INFRASTRUCTURE = "infrastructure"
    MODULE = "module"
    SINK = "sink"
