"""What is wrong with a file of citations as a whole."""

from __future__ import annotations


class CitationError(ValueError):
    """A file of citations cannot be read; the message names it and says what to do."""
