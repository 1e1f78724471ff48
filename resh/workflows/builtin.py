"""The workflows that every resh has. The names of steps and their order are those that people hook into since Resoto."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from resh.workflows.definition import Step, Workflow

_COLLECT = (Step("collect", "collect"),)
_CLEANUP = (Step("cleanup_plan", "cleanup_plan"), Step("cleanup", "cleanup"))
_METRICS = (Step("generate_metrics", "generate_metrics", timeout=30 * 60.0),)

BUILT_IN: Mapping[str, Workflow] = MappingProxyType(
    {
        workflow.name: workflow
        for workflow in (
            Workflow("collect", (*_COLLECT, *_METRICS), "Collect all accounts into the graph, then generate metrics."),
            Workflow("cleanup", (*_CLEANUP, *_METRICS), "Plan the clean-up, delete what it allows, then generate metrics."),
            Workflow("metrics", _METRICS, "Generate metrics from the graph as it is."),
            Workflow("collect_and_cleanup", (*_COLLECT, *_CLEANUP, *_METRICS), "Collect, clean up, generate metrics: the main job."),
        )
    }
)
