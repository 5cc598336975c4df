"""Drawn faces from a seed: people with several videos each, of nobody's likeness."""
