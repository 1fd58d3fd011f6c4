"""Composed scenes: openly licensed drawings, pasted, boxed and described."""

from training.scenes.composer import Composer, Scene
from training.scenes.sprites import SpritePack

__all__ = ["Composer", "Scene", "SpritePack"]
