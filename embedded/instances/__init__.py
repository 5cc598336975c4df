"""Small objects in the cluttered places of films, to be searched for from a few pictures with a box."""

SIZE = (400, 225)
"""Width and height of a key frame, in pixels."""

SHARES = (0.02, 0.1)
"""Least and largest share of a frame that an object takes where nothing hides it."""

HOME = 0.8
"""Share of the shots of an object that belong to the same film, as a series has its sets and its things in them."""
