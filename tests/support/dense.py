"""A map of patches with things on plain ground."""

from __future__ import annotations

import numpy as np
import torch

from fgclip.dense import Dense

WIDTH = 8  # patches a side, and numbers of a vector
THING = np.eye(WIDTH, dtype=np.float32)[0]
GROUND = np.eye(WIDTH, dtype=np.float32)[1]


def dense_of(*things: tuple[int, int, int, int]) -> Dense:
    """Plain ground with things on it: boxes in patches."""
    features = np.tile(GROUND[:, None, None], (1, WIDTH, WIDTH))
    for x0, y0, x1, y1 in things:
        features[:, y0:y1, x0:x1] = THING[:, None, None]
    noise = np.random.default_rng(0).normal(scale=0.01, size=features.shape)
    field = torch.from_numpy((features + noise).astype(np.float32))
    return Dense(field, field.mean(dim=(1, 2)))
