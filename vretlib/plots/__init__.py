"""Drawings that several pages share: images on axes, sheets of images, matches. What one chapter draws stands there."""
