"""Thesis chapter 5: image-to-video retrieval with binary features."""
