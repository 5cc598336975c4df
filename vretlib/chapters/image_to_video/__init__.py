"""Thesis chapter 4: the data of image-to-video retrieval, and the protocol that judges a retrieved frame."""
