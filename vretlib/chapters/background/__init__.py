"""Thesis chapter 2: features, similarity and evaluation, all of them on the same queries."""
