"""One trainer, many recipes: losses, data, optimisation. Depends on the model, never on the app."""
