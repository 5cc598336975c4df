"""Thesis chapter 3: similarities that are learned, and what they know that the cosine does not (notebook 03)."""
