"""FG-CLIP and FG-CLIP 2 as their papers and code have them, and each without a loss."""

from __future__ import annotations

import dataclasses

from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip2_config import FGCLIP2Config
from training.recipe import Recipe, Weights

# FG-CLIP (ICML 2025), B/16. Of stage 1, whose data and script were never released, the paper gives
# the number of pictures, the batch, AdamW and its learning rate; the schedule and all else are
# stage 2's. Stage 2 as in the released script, which agrees with the paper where that speaks.
FGCLIP_STAGE1 = Recipe(
    name="fgclip_stage1",
    summary="the paper's stage 1: long and short captions of whole pictures",
    model=FGCLIPConfig.base(),
    image_size=224,
    weights=Weights(long=1.0, short=1.0),
    short_prefix="a photo of ",
    pictures=1_600_000_000,
    batch_size=384 * 160,
    learning_rate=1e-4,
    weight_decay=0.05,  # remembered, found in no source at hand
    warmup_pictures=200 * 384 * 160,  # 200 steps, as in stage 2: the paper gives no schedule
)
FGCLIP_STAGE2 = dataclasses.replace(
    FGCLIP_STAGE1,
    name="fgclip_stage2",
    summary="the paper's stage 2: with regions (× 0.1) and hard negatives (× 0.5)",
    weights=Weights(long=1.0, short=1.0, region=0.1, hard=0.5),
    max_boxes=4,
    long_phrases=True,
    pictures=12_000_000,
    batch_size=512 * 8,
    learning_rate=1e-6,
    weight_decay=1e-3,
    warmup_pictures=200 * 512 * 8,
)

FGCLIP_NO_REGION = dataclasses.replace(
    FGCLIP_STAGE2,
    name="fgclip_stage2_no_region",
    summary="stage 2 without the loss of regions",
    weights=dataclasses.replace(FGCLIP_STAGE2.weights, region=0.0),
)
FGCLIP_NO_HARD = dataclasses.replace(
    FGCLIP_STAGE2,
    name="fgclip_stage2_no_hard",
    summary="stage 2 without hard negatives",
    weights=dataclasses.replace(FGCLIP_STAGE2.weights, hard=0.0),
)

# FG-CLIP 2 (ICML 2026), from SigLIP 2. The released code and the paper's text differ in weights,
# in what the rank margin compares, in warm-up and in epochs; `fgclip2_stage2` is the code's.
FGCLIP2_CODE = Recipe(
    name="fgclip2_code",
    summary="FG-CLIP 2's stage 2 as its released code has it",
    model=FGCLIP2Config.base(),
    image_size=256,
    weights=Weights(
        long=1.0, short=1.0, region=0.2, spread=0.1, hard_contrast=0.3, hard=1.5, rank_margin=0.2
    ),
    caption_loss="sigmoid",
    short_prefix="a photo of ",
    lower_case=True,
    long_optional=True,
    max_boxes=4,
    long_phrases=True,
    region_scale_start=4.6052,
    pictures=6 * 12_000_000,
    batch_size=512 * 8,
    learning_rate=1e-6,
    betas=(0.9, 0.98),
    epsilon=1e-6,
    weight_decay=1e-3,
    warmup_pictures=6 * 12_000_000 * 3 // 100,
)
FGCLIP2_PAPER = dataclasses.replace(
    FGCLIP2_CODE,
    name="fgclip2_paper",
    summary="FG-CLIP 2's stage 2 as its paper has it",
    weights=Weights(long=1.0, short=1.0, region=0.1, spread=0.1, hard=0.5, rank_margin=0.4),
    margin_on="cosines",
    spread_summed=True,
    pictures=12_000_000,
    warmup_pictures=300 * 4_096,
)
FGCLIP2_STAGE2 = dataclasses.replace(
    FGCLIP2_CODE, name="fgclip2_stage2", summary="FG-CLIP 2's stage 2: another name of the code's"
)
FGCLIP2_NO_REGION = dataclasses.replace(
    FGCLIP2_STAGE2,
    name="fgclip2_stage2_no_region",
    summary="FG-CLIP 2's stage 2 without the loss of regions",
    weights=dataclasses.replace(FGCLIP2_STAGE2.weights, region=0.0),
)
FGCLIP2_NO_HARD = dataclasses.replace(
    FGCLIP2_STAGE2,
    name="fgclip2_stage2_no_hard",
    summary="FG-CLIP 2's stage 2 without hard negatives",
    weights=dataclasses.replace(
        FGCLIP2_STAGE2.weights, hard=0.0, hard_contrast=0.0, rank_margin=0.0
    ),
)

RECIPES = (
    FGCLIP_STAGE1,
    FGCLIP_STAGE2,
    FGCLIP_NO_REGION,
    FGCLIP_NO_HARD,
    FGCLIP2_CODE,
    FGCLIP2_PAPER,
    FGCLIP2_STAGE2,
    FGCLIP2_NO_REGION,
    FGCLIP2_NO_HARD,
)
