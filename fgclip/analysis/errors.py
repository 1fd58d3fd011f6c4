"""What a model cannot be asked of a data set."""

from __future__ import annotations


class AnalysisError(ValueError):
    """A question to a data set that has no answer, with the remedy."""
