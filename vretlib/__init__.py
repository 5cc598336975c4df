"""vretlib: a reproducible companion to five visual-retrieval papers.

The library holds the algorithms, the notebooks hold the chapters; ``python -m vretlib --help`` runs them.
"""

from vretlib import compiled

__version__ = "0.1.0"

compiled.prepare()  # numba reads where its cache is when it is first imported
