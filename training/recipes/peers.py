"""The methods that FG-CLIP is compared with, as their papers and code have them."""

from __future__ import annotations

import dataclasses

from fgclip.model.config import FGCLIPConfig
from training.recipe import CLIP_SCALE, Distillation, Recipe, Weights

# CLIP from nothing: open_clip's defaults for ViTs; the paper's batch and 32 epochs of 400 million
# pictures are remembered.
CLIP = Recipe(
    name="clip",
    summary="CLIP: pictures and short captions",
    model=FGCLIPConfig.base(),
    image_size=224,
    weights=Weights(long=0.0, short=1.0),
    resize="crop",
    shared_scale=True,
    pictures=32 * 400_000_000,
    batch_size=32_768,
    learning_rate=5e-4,
    betas=(0.9, 0.98),
    epsilon=1e-6,
    weight_decay=0.2,
    decayed="tables",
    warmup_pictures=10_000 * 32_768,
    max_gradient_norm=None,
    max_scale=100.0,
)
# Long-CLIP (ECCV 2024), from CLIP. ShareGPT4V's 1,245,902 pictures, six times. Its short captions
# are the long ones' first sentences; one table of positions and one projection serve both.
LONGCLIP = dataclasses.replace(
    CLIP,
    name="longclip",
    summary="Long-CLIP: long captions, and short ones against principal components",
    weights=Weights(long=1.0, short=0.0, components=1.0),
    first_sentence=True,
    one_route=True,
    smoothing=0.1,
    components=32,
    scale_start=CLIP_SCALE,
    frozen=("text.long_position_head",),
    pictures=6 * 1_245_902,
    batch_size=2_048,
    learning_rate=1e-6,
    betas=(0.9, 0.999),
    epsilon=1e-8,
    weight_decay=1e-2,
    warmup_pictures=200 * 2_048,
    max_scale=None,
    copy_short_to_long=True,
)
# CLIPSelf (ICLR 2024), image patches, from CLIP: COCO's 118,287 pictures, six times, two on each of
# eight GPUs.
CLIPSELF = dataclasses.replace(
    CLIP,
    name="clipself",
    summary="CLIPSelf: the dense map learns from a frozen self that sees crops of a grid",
    weights=Weights(long=0.0, short=0.0, distil=1.0),
    picture_size=1_024,
    resize="pad",
    dense_normalize=True,
    trained=("vision.blocks.",),
    pictures=6 * 118_287,
    batch_size=16,
    learning_rate=1e-5,
    betas=(0.9, 0.999),
    epsilon=1e-8,
    weight_decay=0.1,
    warmup_pictures=1_000 * 16,
    blend=0.7,
)
CLIPSELF_PROPOSALS = dataclasses.replace(
    CLIPSELF,
    name="clipself_proposals",
    summary="CLIPSelf with annotated boxes, whose crops are half as large again",
    distillation=Distillation(boxes="annotated", enlargement=1.5),
)
# RegionCLIP as CLIPSelf's repository has it for comparison.
REGIONCLIP = dataclasses.replace(
    CLIPSELF,
    name="regionclip",
    summary="RegionCLIP's loss as CLIPSelf compares with it: boxes against a bank of nouns",
    weights=Weights(long=0.0, short=0.0, nouns=1.0),
    max_boxes=20,
    blend=None,
)
# FineCLIP (NeurIPS 2024), as its code has it: text frozen, crops teach with their gradient. COCO,
# ten times, 32 pictures on each of eight GPUs (B/16).
FINECLIP = dataclasses.replace(
    CLIPSELF,
    name="fineclip",
    summary="FineCLIP: captions, boxes and live crops with one temperature",
    weights=Weights(long=0.0, short=1.0, region=1.0, distil=1.0),
    picture_size=None,
    resize="squash",
    distillation=Distillation(teacher="self_live", boxes="annotated", enlargement=1.5),
    max_boxes=20,
    gather_regions=True,
    gather_gradient=False,
    trained=("vision", "logit_scale"),
    pictures=10 * 118_287,
    batch_size=256,
    warmup_pictures=1_000 * 256,
    min_scale=1.0,
    blend=None,
)

RECIPES = (CLIP, LONGCLIP, CLIPSELF, CLIPSELF_PROPOSALS, REGIONCLIP, FINECLIP)
