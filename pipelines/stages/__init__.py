"""The road of a dump, stage by stage: extract, normalize, deduplicate, load.

Plain functions over :class:`~pipelines.parts.Parts`; Dagster's assets call them and report. A stage
whose input and rules have not changed since it last ended is not run again.
"""

from pipelines.stages.extraction import extract
from pipelines.stages.loading import Outcome, deduplicate, load
from pipelines.stages.normalization import normalize
from pipelines.stages.progress import Progress, Report
from pipelines.stages.removal import Removed, remove
from pipelines.stages.replay import Replayed, replay

__all__ = [
    "Outcome", "Progress", "Removed", "Replayed", "Report", "deduplicate", "extract", "load", "normalize", "remove",
    "replay",
]  # fmt: skip
