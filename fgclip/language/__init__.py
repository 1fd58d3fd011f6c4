"""Captions taken apart into attributes, and rewritten so that just these are wrong."""

from fgclip.language.differences import changed_kinds, changed_spans
from fgclip.language.rewriting import MOST_CHANGES, LanguageError, Rewrite, hard_negatives
from fgclip.language.tagging import Tag, tags

__all__ = [
    "MOST_CHANGES",
    "LanguageError",
    "Rewrite",
    "Tag",
    "changed_kinds",
    "changed_spans",
    "hard_negatives",
    "tags",
]
