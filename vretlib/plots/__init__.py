"""Drawings that several pages share: images on axes, sheets of images, matches.

Drawings of a single chapter are in that chapter's ``plots``.
"""
