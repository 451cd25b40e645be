"""What `spelling` holds that no other field of a record does."""

from __future__ import annotations

from typing import Any


def mine_spelling(document: dict[str, Any]) -> dict[str, Any]:
    """Fields mined out of `spelling`, by name."""
    return {}
