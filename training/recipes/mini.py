"""How the embedded default, fgclip-mini, is made."""

from __future__ import annotations

import dataclasses

from fgclip.model.config import FGCLIPConfig, TextConfig, VisionConfig
from training.recipe import Recipe, Scenes, Weights

# The embedded default, small enough for two CPU cores. Regions from the start: in a scene, boxes
# name each object, captions only some.
MINI = FGCLIPConfig(
    vision=VisionConfig(image_size=96, patch_size=12, width=192, layers=6, heads=3, mlp_width=768),
    text=TextConfig(vocab_size=16_514, width=192, layers=3, heads=3, mlp_width=768),
    projection_dim=192,
)
MINI_STAGE1 = Recipe(
    name="mini_stage1",
    summary="fgclip-mini from nothing: short captions and regions at 96 pixels",
    model=MINI,
    image_size=96,
    weights=Weights(long=0.0, short=0.5, region=2.0),
    scenes=Scenes(objects=(2, 5)),
    mask_duplicates=True,
    gather_regions=True,
    pictures=300_000,
    batch_size=64,
    optimiser="muon",
    learning_rate=1.5e-3,
    betas=(0.9, 0.98),
    weight_decay=0.05,
    decayed="matrices",
    warmup_pictures=3_200,
    max_scale=100.0,
    average=0.998,
)
MINI_STAGE2 = dataclasses.replace(
    MINI_STAGE1,
    name="mini_stage2",
    summary="fgclip-mini goes on at 96 pixels, with long captions and hard negatives",
    weights=Weights(long=0.5, short=0.5, region=2.0, hard=1.0),
    max_hard_boxes=1,
    hard_share=0.5,
    copy_short_to_long=True,
    reset_scales=False,
    pictures=120_000,
    learning_rate=1e-3,
)
MINI_STYLES = dataclasses.replace(
    MINI_STAGE2,
    name="mini_styles",
    summary="fgclip-mini goes on at 96 pixels, whatever recipe it comes from",
    copy_short_to_long=False,
    pictures=400_000,
)
# Positions interpolated from 8 × 8 to 12 × 12 patches cost a model trained on half a million
# pictures 9 points of natural top-1 (60.0 → 51.2 %, 500 scenes); the larger pictures, which take
# twice the time, come last to win them back.
MINI_STAGE3 = dataclasses.replace(
    MINI_STAGE2,
    name="mini_stage3",
    summary="fgclip-mini settles at 144 pixels",
    image_size=144,
    copy_short_to_long=False,
    pictures=10_000,
    learning_rate=2e-4,
    warmup_pictures=640,
)

RECIPES = (MINI_STAGE1, MINI_STAGE2, MINI_STYLES, MINI_STAGE3)
