"""Tensors in, tensors out: the networks and their checkpoints.

Nothing here normalises but the dense path of EVA-CLIP, whose regions are means of unit vectors.
"""
