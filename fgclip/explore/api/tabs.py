"""Who answers what: the parts of the app that may be asked, and which of them a tab asks."""

from __future__ import annotations

from collections.abc import Mapping

from fgclip.explore.api.compare import CompareAnswers
from fgclip.explore.api.data import DataAnswers
from fgclip.explore.api.detect import DetectAnswers
from fgclip.explore.api.functions import functions_of
from fgclip.explore.api.map import MapAnswers
from fgclip.explore.api.negatives import NegativesAnswers
from fgclip.explore.api.probe import ProbeAnswers

OTHER = "other"  # the second model's part; its functions are the first's with this before the name
PREFIX = "api"  # of all addresses

PARTS: Mapping[str, type] = {
    "probe": ProbeAnswers,
    OTHER: ProbeAnswers,
    "negatives": NegativesAnswers,
    "detect": DetectAnswers,
    "map": MapAnswers,
    "compare": CompareAnswers,
    "data": DataAnswers,
}

TABS: Mapping[str, tuple[str, ...]] = {
    "header": (),
    "probe": ("probe",),
    "negatives": ("negatives", "probe", "data"),
    "detect": ("detect", "probe", "data"),
    "map": ("map", "data"),
    "compare": ("compare", "probe", OTHER, "negatives", "data"),
    "data": ("data",),
}


def addresses(tab: str) -> dict[str, str]:
    """Where the functions of a tab are asked, by the names that its scripts use."""
    return {
        (f"{part}_{name}" if part == OTHER else name): f"{PREFIX}/{part}/{name}"
        for part in TABS[tab]
        for name in functions_of(PARTS[part])
    }
