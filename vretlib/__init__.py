"""vretlib: a reproducible companion to five visual-retrieval papers.

The library holds the algorithms, the notebooks hold the chapters. ``python -m vretlib --help`` lists the commands.
"""

from vretlib import compiled

__version__ = "0.1.0"

compiled.prepare()  # before the first import of numba, which then reads the place of its cache
