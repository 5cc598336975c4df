"""Thesis chapter 7: semantic art understanding, text and paintings."""
