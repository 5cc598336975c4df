"""Landmarks drawn and photographed by this project: buildings, views of them, and what stands in the way."""
