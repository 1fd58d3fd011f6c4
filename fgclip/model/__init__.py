"""Tensors in, tensors out: the networks and their checkpoints. Nothing here normalises."""
