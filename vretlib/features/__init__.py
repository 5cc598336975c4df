"""Descriptions of images: local features, and the screen that shows a film in a photograph."""
