"""Descriptions of images: local features, deep features and their pooling, the screen in a photograph."""
