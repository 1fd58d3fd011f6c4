"""What each loss buys, at the size of fgclip-mini."""

from __future__ import annotations

import dataclasses

from training.recipe import Distillation, Weights
from training.recipes.mini import MINI_STAGE1

# What each loss buys, at the mini's size: every recipe goes on from one `ablation_start` with the
# same scenes, number of pictures, batch, optimiser and rates, so only losses differ, and with them
# what a method freezes, averages and crops. Published weights suit published batches and rates;
# here every loss counts 1.
ABLATION_START = dataclasses.replace(
    MINI_STAGE1,
    name="ablation_start",
    summary="a small CLIP for the ablation to start from: short captions at 96 pixels",
    weights=Weights(long=0.0, short=1.0),
    pictures=64_000,
)
ABLATION_CLIP = dataclasses.replace(
    ABLATION_START,
    name="ablation_clip",
    summary="ablation: goes on with short captions alone",
    copy_short_to_long=True,
    pictures=12_000,
    learning_rate=1e-3,
    warmup_pictures=1_280,
)
ABLATION_LONG = dataclasses.replace(
    ABLATION_CLIP,
    name="ablation_long",
    summary="ablation: long captions join (FG-CLIP's stage 1)",
    weights=Weights(long=1.0, short=1.0),
)
ABLATION_REGION = dataclasses.replace(
    ABLATION_LONG,
    name="ablation_region",
    summary="ablation: regions join",
    weights=Weights(long=1.0, short=1.0, region=1.0),
)
ABLATION_HARD = dataclasses.replace(
    ABLATION_REGION,
    name="ablation_hard",
    summary="ablation: hard negatives join (FG-CLIP's stage 2)",
    weights=Weights(long=1.0, short=1.0, region=1.0, hard=1.0),
    max_hard_boxes=1,
)
ABLATION_LONGCLIP = dataclasses.replace(
    ABLATION_CLIP,
    name="ablation_longclip",
    summary="ablation: Long-CLIP's losses; k is an eighth of the batch, as 32 would change nothing",
    weights=Weights(long=1.0, short=0.0, components=1.0),
    one_route=True,
    smoothing=0.1,
    components=8,
    frozen=("text.long_position_head",),
)
ABLATION_CLIPSELF = dataclasses.replace(
    ABLATION_CLIP,
    name="ablation_clipself",
    summary="ablation: CLIPSelf's loss on annotated boxes; only the vision blocks learn",
    weights=Weights(long=0.0, short=0.0, distil=1.0),
    distillation=Distillation(boxes="annotated", enlargement=1.5),
    dense_normalize=True,
    trained=("vision.blocks.",),
    average=None,
    blend=0.7,
)
ABLATION_FINECLIP = dataclasses.replace(
    ABLATION_CLIP,
    name="ablation_fineclip",
    summary="ablation: FineCLIP's losses with one temperature; text is frozen, as in its code",
    weights=Weights(long=0.0, short=1.0, region=1.0, distil=1.0),
    distillation=Distillation(teacher="self_live", boxes="annotated", enlargement=1.5),
    dense_normalize=True,
    shared_scale=True,
    trained=("vision", "logit_scale"),
)

METHODS = (
    *(ABLATION_CLIP, ABLATION_LONG, ABLATION_REGION, ABLATION_HARD),
    *(ABLATION_LONGCLIP, ABLATION_CLIPSELF, ABLATION_FINECLIP),
)
RECIPES = (ABLATION_START, *METHODS)
