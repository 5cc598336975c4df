"""Paintings, titles and comments in the form of SemArt: drawn and written by this project from a seed.

A `works.Work` is composed by a grammar of scenes (`sacred`, `worldly`, `views`), is painted by a painter with a hand of
one's own (`painters`, `hand`), and is described by a grammar of sentences (`comments`, `titles`). Nothing is copied
from SemArt: only proportions and lengths are taken from it.
"""
