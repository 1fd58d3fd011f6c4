"""Benchmarks: what a model gets right, beside what guessing would."""
