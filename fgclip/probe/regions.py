"""Scores of boxes: the region in the picture, the crop cut out of it, the whole picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from fgclip.boxes import Boxes, check_boxes, to_pixels
from fgclip.probe.prompts import DenseField, PictureEncoder, Prompt, embed_prompts
from fgclip.types import Embeddings

Similarity = NDArray[np.float32]
CROPS_AT_ONCE = 16  # cut out at a time; each may be as large as the picture


@dataclass(frozen=True)
class Scores:
    """Cosines of N boxes and the whole picture with P prompts."""

    region: Similarity  # (N, P): mean of the patch features inside the box
    crop: Similarity  # (N, P): the box cut out and encoded as a picture of its own
    picture: Similarity  # (P,)


def scores(
    encoder: PictureEncoder,
    picture: Image.Image,
    boxes: ArrayLike,
    prompts: Sequence[Prompt],
) -> Scores:
    """Hold every box, its crop and the whole picture against every prompt.

    Args:
        encoder: The model.
        picture: RGB.
        boxes: (N, 4) fractions of the picture; N may be 0.
        prompts: At least one.
    """
    corners = check_boxes(boxes)
    cut_out = crop_embeddings(encoder, picture, corners)
    texts = embed_prompts(encoder, prompts)
    return field_scores(encoder.encode_dense(picture), corners, cut_out, texts)


def field_scores(field: DenseField, boxes: Boxes, cut_out: Embeddings, texts: Embeddings) -> Scores:
    """The same of a picture that is encoded already.

    Args:
        field: The picture's patches.
        boxes: (N, 4) fractions of the picture.
        cut_out: (N, D) the same boxes as pictures of their own.
        texts: (P, D).
    """
    return Scores(
        region=field.regions(boxes) @ texts.T,
        crop=cut_out @ texts.T,
        picture=texts @ field.image_embedding,
    )


def crop_embeddings(encoder: PictureEncoder, picture: Image.Image, boxes: Boxes) -> Embeddings:
    """Unit vectors of boxes cut out of a picture: (N, 4) → (N, D)."""
    rows = [
        encoder.encode_image(crops(picture, boxes[start : start + CROPS_AT_ONCE]))
        for start in range(0, max(1, len(boxes)), CROPS_AT_ONCE)
    ]
    return np.concatenate(rows)


def crops(picture: Image.Image, boxes: Boxes) -> tuple[Image.Image, ...]:
    """Cut boxes out, rounded outwards to whole pixels: at least one pixel each."""
    limits = np.array([picture.width, picture.height])
    pixel_boxes = to_pixels(boxes, *picture.size)
    upper_left = np.minimum(np.floor(pixel_boxes[:, :2]), limits - 1).astype(int)
    lower_right = np.minimum(np.ceil(pixel_boxes[:, 2:]), limits).astype(int)
    lower_right = np.maximum(lower_right, upper_left + 1)
    return tuple(
        picture.crop((x0, y0, x1, y1))
        for (x0, y0), (x1, y1) in zip(upper_left.tolist(), lower_right.tolist(), strict=True)
    )


def softmax(similarity: Similarity, scale: float) -> Similarity:
    """Share of each prompt: softmax over the last axis of scale × cosine."""
    logits = scale * (similarity - similarity.max(axis=-1, keepdims=True))
    weights = np.exp(logits)
    shares: Similarity = (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)
    return shares
