"""Every way to train that has a name. A new recipe is a new entry in one of the files.

Facts come from the papers and the released code of each method; a line says so where one came from
nowhere better than memory. `training.recipe` says what the fields mean.
"""

from __future__ import annotations

from collections.abc import Mapping

from training.recipe import Recipe, RecipeError
from training.recipes import ablation, fgclip, mini, peers

RECIPES: Mapping[str, Recipe] = {
    each.name: each for each in (*peers.RECIPES, *fgclip.RECIPES, *mini.RECIPES, *ablation.RECIPES)
}


def recipe(name: str) -> Recipe:
    """Find a recipe by name."""
    try:
        return RECIPES[name]
    except KeyError as error:
        raise RecipeError(
            f"No recipe is called {name!r}. There are: {', '.join(sorted(RECIPES))}."
        ) from error
