"""The patches of one picture, encoded once and asked anything."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from fgclip.boxes import check_boxes
from fgclip.model.regions import region_features

Embedding = NDArray[np.float32]
"""One unit vector (D,) or a stack of them (N, D)."""


class Dense:
    """The patches of one picture: any number of questions after one forward pass."""

    def __init__(self, features: Tensor, image_feature: Tensor) -> None:
        """Keep (D, H, W) raw features and the picture's (D,) raw feature, both float32 on CPU."""
        self._features = features
        self._image_feature = image_feature

    @property
    def grid(self) -> tuple[int, int]:
        """Patches down and across: (H, W)."""
        return int(self._features.shape[1]), int(self._features.shape[2])

    @property
    def features(self) -> NDArray[np.float32]:
        """(H, W, D) raw: what region features are averages of."""
        return self._features.permute(1, 2, 0).numpy()

    @property
    def embeddings(self) -> Embedding:
        """(H, W, D) unit vectors."""
        return F.normalize(self._features, dim=0).permute(1, 2, 0).numpy()

    @property
    def image_embedding(self) -> Embedding:
        """(D,) unit vector of the whole picture, from the same pass."""
        return F.normalize(self._image_feature, dim=0).numpy()

    def regions(self, boxes: ArrayLike) -> Embedding:
        """Unit vectors of boxes.

        Args:
            boxes: (N, 4) x0 y0 x1 y1 as fractions of the picture.

        Returns:
            (N, D).

        Raises:
            ValueError: A box is inverted, empty, not finite or outside the picture.
        """
        corners = torch.from_numpy(check_boxes(boxes))
        owner = torch.zeros(len(corners), dtype=torch.long)
        return F.normalize(region_features(self._features[None], corners, owner), dim=-1).numpy()

    def similarity(self, text_embeddings: Embedding) -> NDArray[np.float32]:
        """Cosine of every patch with every text: (P, D) unit vectors → (P, H, W).

        Raises:
            ValueError: The texts have another D than the patches.
        """
        texts = torch.from_numpy(np.atleast_2d(np.asarray(text_embeddings, np.float32)))
        width = len(self._features)
        if texts.ndim != 2 or texts.shape[1] != width:
            raise ValueError(
                f"text_embeddings have shape {np.shape(text_embeddings)}; give rows of {width} "
                "numbers, as this model's encode_text does"
            )
        patches = F.normalize(self._features, dim=0)
        return torch.einsum("pd,dhw->phw", texts, patches).numpy()
