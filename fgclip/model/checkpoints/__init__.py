"""Weights on disk ↔ our modules."""
