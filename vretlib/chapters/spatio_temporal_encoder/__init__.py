"""Thesis chapter 6: the spatio-temporal encoder."""
