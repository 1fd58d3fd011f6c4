"""What distinguishes one training run from another, as frozen data that refuses nonsense."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass, field
from typing import Any, Literal

from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip2_config import FGCLIP2Config

Resize = Literal["squash", "pad", "crop"]


class RecipeError(ValueError):
    """A recipe that does not exist or that no run can follow."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each loss counts in the total; a loss of weight 0 is not computed.

    The functions are those of `training.losses`; two losses serve both kinds of caption.
    """

    long: float = 1.0  # pictures and long captions
    short: float = 1.0  # pictures and short captions
    components: float = 0.0  # pictures reduced to principal components, and short captions
    region: float = 0.0  # boxes and their phrases: `contrastive`
    nouns: float = 0.0  # boxes and a bank of nouns: `noun_presence`
    hard: float = 0.0  # `hard_negative`
    hard_contrast: float = 0.0
    rank_margin: float = 0.0
    spread: float = 0.0  # `text_spread` of the boxes' phrases
    distil: float = 0.0  # boxes and their crops: `distillation`

    def __post_init__(self) -> None:
        for name, value in dataclasses.asdict(self).items():
            if not 0 <= value < float("inf"):
                raise RecipeError(f"the weight of the {name} loss is {value}, not a number ≥ 0")
        if not any(dataclasses.asdict(self).values()):
            raise RecipeError("every loss has weight 0: there is nothing to learn from")

    @property
    def captions(self) -> bool:
        """Whether whole pictures are compared with captions."""
        return bool(self.long or self.short or self.components)

    @property
    def rewrites(self) -> bool:
        """Whether hard negatives are asked about."""
        return bool(self.hard or self.hard_contrast or self.rank_margin)

    @property
    def boxes(self) -> bool:
        """Whether annotated boxes are compared with texts."""
        return bool(self.region or self.nouns or self.spread or self.rewrites)


@dataclass(frozen=True, kw_only=True)
class Distillation:
    """Whose crops teach which boxes (CLIPSelf, FineCLIP)."""

    teacher: Literal["frozen", "self_detached", "self_live"] = "frozen"
    boxes: Literal["grid", "annotated"] = "grid"
    max_split: int = 6  # most rows and columns of a grid
    max_boxes: int = 20  # of a picture
    enlargement: float = 1.0  # of a box around its centre before it is cut out

    def __post_init__(self) -> None:
        if self.max_split < 1 or self.max_boxes < 1:
            raise RecipeError(f"max_split and max_boxes must be at least 1: {self}")
        if not 1 <= self.enlargement < float("inf"):
            raise RecipeError(f"enlargement {self.enlargement} is less than 1")


@dataclass(frozen=True, kw_only=True)
class Scenes:
    """How the composer fills a picture."""

    objects: tuple[int, int] = (1, 3)  # fewest and most in a picture

    def __post_init__(self) -> None:
        fewest, most = self.objects
        if not 1 <= fewest <= most:
            raise RecipeError(f"objects {self.objects} is not a range of at least one object")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One way to train."""

    name: str
    summary: str
    model: FGCLIPConfig | FGCLIP2Config  # of a fresh model; with --init the checkpoint's towers
    image_size: int  # pixels per side that the model is for; an --init checkpoint's are resized
    weights: Weights
    scenes: Scenes = field(default_factory=Scenes)

    # pictures
    picture_size: int | None = None  # pixels per side in training, if not `image_size`
    resize: Resize = "squash"  # to a square; "pad": right and below; "crop": the middle
    distillation: Distillation = field(default_factory=Distillation)
    dense_normalize: bool = False  # patches are made unit vectors before regions average them

    # texts and boxes of a picture
    short_prefix: str = ""  # put before every short caption
    first_sentence: bool = False  # the short caption is the long one's first sentence
    one_route: bool = False  # every text takes the long route, which the saved model has on all
    lower_case: bool = False
    long_optional: bool = False  # pictures without a long caption are used for all else
    max_boxes: int | None = None  # the first so many boxes of a picture are used; None: all
    max_hard_boxes: int | None = None  # so many of those with negatives, drawn at random; None: all
    long_phrases: bool = False  # a box's text is its long phrase half of the time, where it has one
    hard_share: float = 1.0  # of the pictures, drawn at random, whose negatives are used

    # losses
    caption_loss: Literal["contrastive", "sigmoid"] = "contrastive"
    smoothing: float = 0.0  # of labels, in caption losses
    components: int = 32  # principal ones that are kept
    noun_bank: int = 100  # nouns asked about in a step
    margin_on: Literal["logits", "cosines"] = "logits"  # what `rank_margin` compares
    spread_summed: bool = False  # over phrases, not averaged
    mask_duplicates: bool = False  # equal texts of a batch are not each other's rivals
    gather_regions: bool = False  # rivals of a region come from all ranks, not only its own
    gather_gradient: bool = True  # other ranks' rivals are taught, too
    shared_scale: bool = False  # regions and hard negatives use the captions' temperature

    # start
    # The long route starts as the short one, stretched, and stays that if nothing teaches it.
    copy_short_to_long: bool = False
    scale_start: float | None = None  # of the captions' logit_scale; None: the checkpoint's
    reset_scales: bool = True  # region and hard-negative logit_scale start anew …
    region_scale_start: float | None = None  # … here; None: as copies of the captions'
    trained: tuple[str, ...] = ("",)  # beginnings of the names of the parameters that learn
    frozen: tuple[str, ...] = ()  # of those, beginnings of names that do not

    # optimisation
    pictures: int  # seen in the whole run
    batch_size: int  # pictures per step, all ranks together
    optimiser: Literal["adamw", "muon"] = "adamw"  # "muon" for the matrices inside blocks
    learning_rate: float
    text_learning_rate: float | None = None  # of every parameter of the text tower
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    weight_decay: float
    decayed: Literal["upstream", "tables", "matrices"] = "upstream"
    warmup_pictures: int
    max_gradient_norm: float | None = 1.0  # None: gradients are not clipped
    min_scale: float | None = None  # bounds of all temperatures' exp; None: none, as upstream
    max_scale: float | None = None
    average: float | None = None  # decay of the running mean of the weights; None: none is kept
    blend: float | None = None  # share of the trained weights when saved; the rest is the start's

    def __post_init__(self) -> None:
        self._check_sizes()
        self._check_numbers()
        if self.average is not None and self.blend is not None:
            raise RecipeError(f"{self.name}: choose between a running mean and a blend of weights")
        if self.caption_loss == "sigmoid" and not isinstance(self.model, FGCLIP2Config):
            raise RecipeError(f"{self.name}: only FG-CLIP 2 has the bias of the sigmoid loss")

    def _check_numbers(self) -> None:
        for name in ("pictures", "batch_size", "learning_rate", "max_gradient_norm"):
            value = getattr(self, name)
            if value is not None and not value > 0:  # so that NaN is refused, too
                raise RecipeError(f"{self.name}: {name} is {value}, must exceed 0")
        for name in ("hard_share", "smoothing"):
            if not 0 <= getattr(self, name) <= 1:
                raise RecipeError(f"{self.name}: {name} {getattr(self, name)} is not within 0…1")
        for name in ("average", "blend"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 1:
                raise RecipeError(f"{self.name}: {name} {value} is not between 0 and 1")
        for name in ("components", "noun_bank"):
            if getattr(self, name) < 1:
                raise RecipeError(f"{self.name}: {name} is {getattr(self, name)}, must be ≥ 1")

    def _check_sizes(self) -> None:
        if isinstance(self.model, FGCLIP2Config):
            return  # pictures keep their shape and are cut into as many patches as they need
        for name in ("image_size", "picture_size"):
            size, patch = getattr(self, name), self.model.vision.patch_size
            if size is not None and (size % patch or size < patch):
                raise RecipeError(
                    f"{self.name}: {name} {size} is not a multiple of patch_size {patch}"
                )

    @property
    def seen_size(self) -> int:
        """Pixels per side of a training picture."""
        return self.picture_size or self.image_size

    @property
    def needs_start(self) -> bool:
        """Whether the weights that the run began with are needed to its end."""
        frozen = self.weights.distil and self.distillation.teacher == "frozen"
        return bool(frozen or self.blend is not None)

    def learns(self, parameter: str) -> bool:
        """Whether the parameter of that name is trained."""
        return parameter.startswith(self.trained) and not parameter.startswith(self.frozen)

    def replace(self, **changes: Any) -> Recipe:
        """The same recipe with other values; None leaves a field alone."""
        return dataclasses.replace(
            self, **{name: value for name, value in changes.items() if value is not None}
        )

    def to_dict(self) -> dict[str, Any]:
        """Values as JSON keeps them, for checkpoints and cards."""
        plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(self)))
        return plain


CLIP_SCALE = math.log(100)  # where OpenAI's logit_scale ended
