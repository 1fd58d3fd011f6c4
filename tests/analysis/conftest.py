"""Workspaces that a model is asked about."""

from tests.explore.conftest import mapped
from tests.workspace.conftest import indexed, pictured, workspace

__all__ = ["indexed", "mapped", "pictured", "workspace"]
