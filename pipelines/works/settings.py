"""What a warehouse is told of matching: where borders lie, and which catalogues are trusted most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.works.borders import DEFAULT_BORDERS, Borders


@dataclass(frozen=True, slots=True)
class MatchingSettings:
    """``borders`` between duplicate, version and different; ``trusted_sources``, the one trusted most first."""

    borders: Borders = DEFAULT_BORDERS
    trusted_sources: tuple[str, ...] = ()


DEFAULT_SETTINGS: Final = MatchingSettings()
