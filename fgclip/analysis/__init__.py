"""A model asks a whole data set."""
