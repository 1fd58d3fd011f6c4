"""Measurements of the real app and model, each beside a baseline taken in the same run.

`python -m benchmarks` runs all of them; nothing here is a test, and no test asserts a time.
"""
